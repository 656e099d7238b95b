import { Button, MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { InfoRegular } from "@fluentui/react-icons/svg/info";
import { QuestionCircleRegular } from "@fluentui/react-icons/svg/question-circle";
import { ShieldCheckmarkRegular } from "@fluentui/react-icons/svg/shield-checkmark";
import { ShieldErrorRegular } from "@fluentui/react-icons/svg/shield-error";
import { useState } from "react";
import type { MailView } from "../../server/desk/contract/mails.ts";
import { ContactDetail, ContactView } from "../../server/desk/contract/people.ts";
import { AboutContact } from "../contact/about-contact.tsx";
import { useAct } from "../desk/act.ts";
import { useAsk } from "../desk/desk.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { Why } from "../pane/why.tsx";
import { newTicketText } from "../text/new-ticket.ts";
import { peopleText } from "../text/people.ts";
import { useText } from "../text/text.tsx";
import { FindContact } from "./find-contact.tsx";
import { NewContactForm } from "./new-contact.tsx";
import { domainOf, isOf, isSender, newFrom, type Requester } from "./requester.ts";

const useStyles = makeStyles({
  verdict: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  pass: { color: tokens.colorStatusSuccessForeground1 },
  domain: { color: tokens.colorNeutralForeground2 },
  none: { color: tokens.colorStatusWarningForeground1 },
  fail: { color: tokens.colorStatusDangerForeground1, fontWeight: tokens.fontWeightSemibold },
});

type Choosing = "nobody" | "existing" | "new";

/** Who wrote this, why we think so, and the ways to say that it is somebody else. */
export function WhoIsThis({
  mail,
  requester,
  chosen,
  fromColleague,
  choose,
}: {
  mail: MailView;
  requester: Requester;
  chosen: boolean;
  fromColleague: boolean;
  choose: (requester: Requester | null) => void;
}) {
  const layout = useLayout();
  const text = useText(newTicketText);
  const [choosing, setChoosing] = useState<Choosing>("nobody");
  const { sender } = mail;
  const isNew = requester.kind === "new";
  const ownMail = isSender(requester, mail);
  const take = (next: Requester | null) => {
    choose(next);
    setChoosing("nobody");
  };

  return (
    <section className={layout.section} aria-label={text.requester}>
      <div className={layout.tight}>
        <p className={layout.quiet}>{text.requester}</p>
        <h1 className={layout.title}>{requester.contact.name}</h1>
        {/* A name is whatever somebody calls themselves; of somebody we do not know the address says as much. */}
        {isNew && requester.contact.name !== requester.contact.address ? (
          <p className={layout.title}>{requester.contact.address}</p>
        ) : null}
        <p className={layout.quiet}>{describe(requester, mail, text.unknownSender)}</p>
        {isNew && !chosen ? <p className={layout.quiet}>{text.unknownSenderHint(sender.address.address)}</p> : null}
        {ownMail ? <FromSender mail={mail} /> : null}
      </div>
      {ownMail ? null : (
        <div className={layout.tight}>
          <p className={layout.quiet}>
            {text.sentBy} {nameAndAddress(sender.address)}
          </p>
          <FromSender mail={mail} />
        </div>
      )}
      {mail.warnings.map((warning) => (
        <MessageBar key={warning} intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{text.warnings}</MessageBarTitle> {warning}
          </MessageBarBody>
        </MessageBar>
      ))}

      {requester.kind === "contact" ? (
        <AboutContact
          key={requester.contact.id}
          contact={requester.contact}
          changed={(contact) => choose({ kind: "contact", contact })}
        />
      ) : null}
      {chosen && !fromColleague && requester.kind === "contact" ? (
        <Teach contact={requester.contact} address={sender.address.address} />
      ) : null}
      {chosen ? null : <Suggestions mail={mail} requester={requester} take={take} />}

      {choosing === "nobody" ? (
        <div className={layout.row}>
          <Button size="small" onClick={() => setChoosing("existing")}>
            {text.chooseAnother}
          </Button>
          {isNew ? (
            <Button size="small" onClick={() => setChoosing("new")}>
              {text.newContact}
            </Button>
          ) : null}
          {chosen ? (
            <Button size="small" appearance="subtle" onClick={() => take(null)}>
              {text.backToProposal}
            </Button>
          ) : null}
        </div>
      ) : null}
      {choosing === "existing" ? (
        <FindContact
          choose={(contact) => take({ kind: "contact", contact })}
          makeNew={() => setChoosing("new")}
          cancel={() => setChoosing("nobody")}
        />
      ) : null}
      {choosing === "new" ? (
        <NewContactForm
          proposal={isNew ? requester.contact : { name: "", address: "" }}
          use={(contact) => take({ kind: "new", contact })}
          cancel={() => setChoosing("nobody")}
        />
      ) : null}
    </section>
  );
}

function describe(requester: Requester, { sender }: MailView, unknown: string) {
  if (requester.kind === "contact") {
    const { organization, addresses } = requester.contact;
    return [organization.personal ? null : organization.name, addresses[0]].filter(Boolean).join(" · ");
  }
  const organization = requester.contact.organizationName ?? sender.organization?.name;
  return [unknown, organization].filter(Boolean).join(" · ");
}

/** What is known of whoever sent it: never said of anybody else. */
function FromSender({ mail: { sender } }: { mail: MailView }) {
  return (
    <>
      <Verdict sender={sender} />
      <Why because={sender.because} />
    </>
  );
}

/** That the domain is real says nothing of a person whom nobody knows: then only the domain is named, without the colour of trust. */
function Verdict({ sender }: { sender: MailView["sender"] }) {
  const styles = useStyles();
  const layout = useLayout();
  const text = useText(newTicketText);
  const { icon, words, hint, style } = {
    pass: sender.contact
      ? {
          icon: <ShieldCheckmarkRegular aria-hidden />,
          words: text.verified,
          hint: text.verifiedHint,
          style: styles.pass,
        }
      : {
          icon: <InfoRegular aria-hidden />,
          words: text.domainVerified(domainOf(sender.address.address)),
          hint: text.verifiedHint,
          style: styles.domain,
        },
    none: {
      icon: <QuestionCircleRegular aria-hidden />,
      words: text.unverified,
      hint: text.unverifiedHint,
      style: styles.none,
    },
    fail: { icon: <ShieldErrorRegular aria-hidden />, words: text.forged, hint: text.forgedHint, style: styles.fail },
  }[sender.authenticated];
  return (
    <div className={layout.tight}>
      <span className={`${styles.verdict} ${style}`} title={hint}>
        {icon} {words}
      </span>
      {sender.authenticated === "pass" ? null : <p className={layout.quiet}>{hint}</p>}
    </div>
  );
}

/** Evidence that a stranger could forge: offered, never taken. */
function Suggestions({
  mail,
  requester,
  take,
}: {
  mail: MailView;
  requester: Requester;
  take: (requester: Requester) => void;
}) {
  const layout = useLayout();
  const text = useText(newTicketText);
  const { forwardedFrom, sender } = mail;
  const proposed = requester.kind === "contact" ? requester.contact.id : null;
  const original = forwardedFrom?.contact?.id ?? null;
  const suggestions = sender.suggestions.filter(({ contact: { id } }) => id !== proposed && id !== original);
  const strangers = sender.strangers.filter(({ address }) => !isOf(requester, address.address));
  if (!forwardedFrom && suggestions.length === 0 && strangers.length === 0) return null;
  return (
    <ul className={layout.list} aria-label={text.suggestions}>
      {forwardedFrom ? (
        <li className={layout.tight}>
          <p className={layout.quiet}>
            {text.forwarded}: {text.forwardedFrom(nameOf(forwardedFrom.address))} {forwardedFrom.because}
          </p>
          {original && original === proposed ? null : (
            <Button
              size="small"
              onClick={() =>
                take(
                  forwardedFrom.contact
                    ? { kind: "contact", contact: forwardedFrom.contact }
                    : newFrom(forwardedFrom.address),
                )
              }
            >
              {text.takeOriginal(forwardedFrom.contact?.name ?? nameOf(forwardedFrom.address))}
            </Button>
          )}
        </li>
      ) : null}
      {suggestions.map(({ contact, because }) => (
        <li key={contact.id} className={layout.tight}>
          <p className={layout.quiet}>
            {text.suggestions}: {contact.name} · {contact.organization.name}. {because}
          </p>
          <Button size="small" onClick={() => take({ kind: "contact", contact })}>
            {text.choose} {contact.name}
          </Button>
        </li>
      ))}
      {strangers.map(({ address, because }) => (
        <li key={address.address} className={layout.tight}>
          <p className={layout.quiet}>
            {text.suggestions}: {nameAndAddress(address)}. {because}
          </p>
          <Button size="small" onClick={() => take(newFrom(address))}>
            {text.takeOriginal(nameOf(address))}
          </Button>
        </li>
      ))}
    </ul>
  );
}

const nameAndAddress = ({ name, address }: { name: string; address: string }) =>
  name && name !== address ? `${name} · ${address}` : address;

const nameOf = ({ name, address }: { name: string; address: string }) => name || address;

/** An agent's correction is remembered: the address becomes one of the contact's. */
function Teach({ contact, address }: { contact: ContactView; address: string }) {
  const layout = useLayout();
  const text = useText(peopleText);
  const ask = useAsk();
  const teach = useAct<void, ContactView>({
    run: (_, key) =>
      ask.change(`/contacts/${contact.id}/addresses`, ContactView, { method: "POST", key, body: { address } }),
    done: () => text.teachHint,
  });
  const unteach = useAct<void, ContactDetail>({
    run: (_, key) =>
      ask.change(`/contacts/${contact.id}/addresses/${encodeURIComponent(address)}`, ContactDetail, {
        method: "DELETE",
        key,
      }),
    done: () => text.addressIs.forgotten(address, contact.name),
    after: () => teach.reset(),
  });
  if (contact.addresses.includes(address.toLowerCase())) return null;
  if (teach.isSuccess)
    return (
      <div className={layout.tight}>
        <p className={layout.quiet}>{text.taught(address, contact.name)}</p>
        <div>
          <Button size="small" disabledFocusable={unteach.isPending} onClick={() => unteach.mutate()}>
            {text.undo}
          </Button>
        </div>
        {unteach.isError ? <Refusal error={unteach.error} /> : null}
      </div>
    );
  return (
    <div className={layout.tight}>
      <Button size="small" disabledFocusable={teach.isPending} onClick={() => teach.mutate()}>
        {text.teach(address, contact.name)}
      </Button>
      {teach.isError ? <Refusal error={teach.error} /> : null}
    </div>
  );
}

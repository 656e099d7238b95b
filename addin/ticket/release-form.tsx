import { Button, Checkbox } from "@fluentui/react-components";
import { useState } from "react";
import type { EntryView, TicketView } from "../../server/desk/contract/tickets.ts";
import { CustomerPage } from "../customer-view/customer-page.tsx";
import { Refusal } from "../pane/failure.tsx";
import { useLayout } from "../pane/layout.ts";
import { releaseText } from "../text/release.ts";
import { useText } from "../text/text.tsx";
import { fileSize } from "./file-size.ts";
import { Question } from "./question.tsx";
import { nothingMore, useRelease } from "./use-release.ts";
import { useVisibility } from "./visibility.ts";

/** What of an entry the customer may see: the new words, and each further thing only when the agent says so. */
export function ReleaseForm({ entry, ticket, close }: { entry: EntryView; ticket: TicketView; close: () => void }) {
  const layout = useLayout();
  const visibility = useVisibility();
  const text = useText(releaseText);
  const [previewing, setPreviewing] = useState(false);
  const [wish, setWish] = useState(nothingMore);
  const release = useRelease(entry, ticket);

  const files = entry.files.filter(({ inline }) => !inline);
  const take = (id: string, taken: boolean) =>
    setWish({
      ...wish,
      attachmentIds: taken ? [...wish.attachmentIds, id] : wish.attachmentIds.filter((each) => each !== id),
    });

  return (
    <Question title={text.releaseTitle}>
      <div className={layout.tight}>
        <Checkbox checked disabled label={`${text.releaseWords} (${text.releaseWordsHint})`} />
        {entry.quotedHtml ? (
          <Checkbox
            label={text.releaseQuoted}
            checked={wish.withQuoted}
            onChange={(_, { checked }) => setWish({ ...wish, withQuoted: checked === true })}
          />
        ) : null}
        {hasInlineImages(entry) ? (
          <Checkbox
            label={text.releaseInline}
            checked={wish.withInlineImages}
            onChange={(_, { checked }) => setWish({ ...wish, withInlineImages: checked === true })}
          />
        ) : null}
        {files.map(({ id, name, size }) => (
          <Checkbox
            key={id}
            label={`${name} (${fileSize(size)})`}
            checked={wish.attachmentIds.includes(id)}
            onChange={(_, { checked }) => take(id, checked === true)}
          />
        ))}
        {release.isError ? <Refusal error={release.error} /> : null}
        <div className={layout.row}>
          <Button size="small" onClick={() => setPreviewing(true)}>
            {text.preview}
          </Button>
          <Button
            size="small"
            className={visibility.customerButton}
            disabledFocusable={release.isPending}
            onClick={() => release.mutate(wish)}
          >
            {text.releaseNow(ticket.contact.name)}
          </Button>
          <Button size="small" appearance="subtle" onClick={close}>
            {text.cancel}
          </Button>
        </div>
      </div>
      {previewing ? (
        <CustomerPage ticket={ticket} preview={{ entryId: entry.id, ...wish }} close={() => setPreviewing(false)} />
      ) : null}
    </Question>
  );
}

const hasInlineImages = ({ html, quotedHtml, files }: EntryView) =>
  files.some(({ inline }) => inline) || /<img\b[^>]*\ssrc="(cid:|data:)/i.test(html + quotedHtml);

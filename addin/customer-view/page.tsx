import { makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { type FileView, TicketView } from "../../portal/contract.ts";
import portalStyles from "../../portal/styles.css?inline";
import { firstSpoken } from "../../portal/text/index.ts";
import { Ticket } from "../../portal/ticket/Ticket.tsx";
import { useAsk, useMyself } from "../desk/desk.tsx";
import { useImages } from "../desk/images.ts";
import { Failure } from "../pane/failure.tsx";
import { Waiting } from "../pane/states.tsx";
import { useText } from "../text/text.tsx";
import type { Preview } from "./customer-page.tsx";

const useStyles = makeStyles({ frame: { display: "block", width: "100%", height: "100%", border: 0, flexGrow: 1 } });

/**
 * The portal's own component with the portal's own styles, fed by the portal's own view of the ticket: no imitation of it.
 * It stands in a frame without scripts, so that neither its styles nor what customers wrote touch the pane.
 */
export function Page({ number, preview }: { number: number; preview?: Preview }) {
  const styles = useStyles();
  const text = useText();
  const view = useCustomerView(number, preview);
  // The portal's view names files by the desk's ids here.
  const images = useImages(view.data?.entries.flatMap(({ files }) => files).filter(isShownInside) ?? []);
  const [body, setBody] = useState<HTMLElement | null>(null);

  // The previewed words are what she came for.
  const previewed = preview && `by-${preview.entryId ?? "draft"}`;
  useEffect(() => {
    if (body && previewed) body.ownerDocument.getElementById(previewed)?.closest("li")?.scrollIntoView();
  }, [body, previewed]);

  if (view.isError) return <Failure error={view.error} retry={() => view.refetch()} />;
  if (!view.data) return <Waiting label={text.previewTitle} />;
  const language = firstSpoken([text.language]);
  return (
    <>
      <iframe
        className={styles.frame}
        title={text.previewTitle}
        sandbox="allow-same-origin"
        srcDoc={pageOf(language)}
        onLoad={({ currentTarget: frame }) => {
          setBody(frame.contentDocument?.body ?? null);
          // Keys pressed in a frame are not heard outside of it.
          frame.contentWindow?.addEventListener("keydown", ({ key }) => {
            if (key === "Escape") frame.closest("dialog")?.close();
          });
        }}
      />
      {body
        ? createPortal(
            <main id="content">
              <Ticket
                ticket={view.data}
                reader={{ language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }}
                fileUrl={({ id }) => images.get(id) ?? "#"}
              />
            </main>,
            body,
          )
        : null}
    </>
  );
}

const isShownInside = ({ contentId }: FileView) => contentId !== null;

const pageOf = (language: string) =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><style>${portalStyles}</style></head><body class="portal"></body></html>`;

function useCustomerView(number: number, preview?: Preview) {
  const ask = useAsk();
  const { agent } = useMyself();
  return useQuery({
    queryKey: ["customer-view", number, preview ?? null, agent.id],
    queryFn: ({ signal }) =>
      preview
        ? ask.change(`/tickets/${number}/preview`, TicketView, {
            method: "POST",
            key: crypto.randomUUID(),
            body: preview,
          })
        : ask.read(`/tickets/${number}/customer-view`, TicketView, signal),
    staleTime: 0,
    gcTime: 0,
  });
}

import { makeStyles } from "@fluentui/react-components";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { namedBy } from "../../portal/ticket/html.ts";
import type { EntryView } from "../../server/desk/contract/tickets.ts";
import { useImages } from "../desk/images.ts";

const useStyles = makeStyles({ frame: { display: "block", width: "100%", border: 0, backgroundColor: "transparent" } });

/**
 * Words that others wrote, in a frame of their own: no script runs in it (the sandbox), nothing is loaded from elsewhere
 * (its policy and the pane's), and its styles end at its edge. The desk has made them safe already; this is the second wall.
 * `allow-same-origin` lets the pane measure the height and is harmless as long as scripts are not allowed with it.
 */
export function Words({ html, title, files = [] }: { html: string; title: string; files?: EntryView["files"] }) {
  const styles = useStyles();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(24);
  const shown = imagesIn(html, files);
  const images = useImages(shown.map(({ file }) => file));
  const dark = useSyncExternalStore(onThemeNamed, () => document.documentElement.dataset.theme !== "light");

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let watch: ResizeObserver | undefined;
    const measure = () => {
      const body = element.contentDocument?.body;
      if (body) setHeight(Math.ceil(body.getBoundingClientRect().height));
    };
    const begin = () => {
      measure();
      const body = element.contentDocument?.body;
      if (!body || typeof ResizeObserver === "undefined") return;
      watch?.disconnect();
      watch = new ResizeObserver(measure);
      watch.observe(body);
    };
    element.addEventListener("load", begin);
    begin();
    return () => {
      element.removeEventListener("load", begin);
      watch?.disconnect();
    };
  }, []);

  return (
    <iframe
      ref={frame}
      className={styles.frame}
      title={title}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      style={{ height }}
      srcDoc={pageOf(
        withImages(html, new Map(shown.map(({ contentId, file }) => [contentId, images.get(file.id)]))),
        dark,
      )}
    />
  );
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:";

/** In the dark, a mail's own colours give way to ours: black on white in it would be black on black. */
const darkly =
  "body *{color:inherit!important;background-color:transparent!important;border-color:currentColor!important}body a{color:#7ab8f5!important}";

const pageOf = (html: string, dark: boolean) => `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}"><base target="_blank"><style>
html{color-scheme:${dark ? "dark" : "light"};background:transparent}
body{margin:0;padding:1px 0;font:14px/20px "Segoe UI",system-ui,sans-serif;color:${dark ? "#fff" : "#242424"};overflow-wrap:anywhere;overflow-x:auto;overflow-y:hidden}
p{margin:0 0 8px}p:last-child{margin-bottom:0}ul,ol{margin:0 0 8px;padding-inline-start:22px}
img{max-width:100%;height:auto}pre{white-space:pre-wrap}blockquote{margin:0 0 0 4px;padding-inline-start:10px;border-inline-start:2px solid #8886}
table{max-width:100%}td,th{overflow-wrap:normal}
${dark ? darkly : ""}</style></head><body>${html}</body></html>`;

const contentIds = /(\ssrc=")cid:([^"]*)(")/gi;

/** A mail's own images stand as `cid:` in its words. */
const imagesIn = (html: string, files: EntryView["files"]) =>
  [...html.matchAll(contentIds)].flatMap(([, , contentId = ""]) => {
    const file = files.find((each) => each.id === contentId || each.contentId === namedBy(contentId));
    return file ? [{ contentId, file }] : [];
  });

/** A file that nobody can name, or that is not here yet, keeps its place and shows nothing. */
const withImages = (html: string, images: ReadonlyMap<string, string | undefined>) =>
  html.replace(contentIds, (whole, before: string, contentId: string, after: string) => {
    const url = images.get(contentId);
    return url ? `${before}${url}${after}` : whole.replace(/src="[^"]*"/, "");
  });

/** pane/theme.ts names the theme on the document. */
function onThemeNamed(listener: () => void) {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

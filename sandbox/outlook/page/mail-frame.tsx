import { MessageBar, MessageBarBody, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { escapeHtml } from "../host/read-item.ts";

const useStyles = makeStyles({
  frame: { border: "none", width: "100%", display: "block", colorScheme: "light" },
  paper: { backgroundColor: "#ffffff", borderRadius: tokens.borderRadiusMedium },
});

/** Nothing may run and nothing may be fetched: pictures come as data from the mail itself. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** What may not even be tried: scripts, frames, forms, and everything that leads the frame elsewhere. */
const forbidden =
  "script, iframe, frame, frameset, object, embed, applet, form, base, meta, link, portal, template, svg foreignObject";

/**
 * A mail's body in a frame without scripts and without the network.
 * `pictures` are the inline ones, by content id.
 */
export function MailFrame(props: {
  contentType: string;
  content: string;
  pictures: Map<string, string>;
  dark: boolean;
}) {
  const { contentType, content, pictures, dark } = props;
  const styles = useStyles();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(120);
  const html = contentType.toLowerCase() === "html";
  // A mail that sets colours was made for white paper; others follow the theme.
  const coloured = html && /bgcolor|background|color\s*[:=]/i.test(content);
  const themed = dark && !coloured;
  const { body, remote } = useMemo(
    () => (html ? cleaned(content, pictures) : { body: `<pre class="plain">${withLinks(content)}</pre>`, remote: 0 }),
    [html, content, pictures],
  );
  const document = useMemo(() => page(body, themed), [body, themed]);

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(measure);
    const loaded = () => {
      measure();
      const body = element.contentDocument?.documentElement;
      if (body) observer.observe(body);
    };
    element.addEventListener("load", loaded);
    loaded();
    return () => {
      element.removeEventListener("load", loaded);
      observer.disconnect();
    };

    function measure() {
      const inside = element?.contentDocument?.body;
      if (inside) setHeight(Math.max(60, inside.scrollHeight + 4));
    }
  }, []);

  const shown = (
    <iframe
      ref={frame}
      title="Mail body"
      data-testid="mail-body"
      className={mergeClasses(styles.frame, dark && !themed && styles.paper)}
      style={{ height }}
      // Same origin so that its height can be read; without allow-scripts nothing in it can use that.
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      srcDoc={document}
    />
  );
  return remote === 0 ? (
    shown
  ) : (
    <>
      <MessageBar intent="info">
        <MessageBarBody>
          {remote === 1 ? "A picture" : `${remote} pictures`} from the internet {remote === 1 ? "is" : "are"} not
          loaded: the sandbox stays on this machine.
        </MessageBarBody>
      </MessageBar>
      {shown}
    </>
  );
}

function page(body: string, themed: boolean) {
  const colours = themed ? "color-scheme: dark; color: #e6e6e6; background: transparent" : "color: #242424";
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<style>html{overflow-x:auto}body{margin:0;padding:8px 2px;font:14px/1.5 "Segoe UI",system-ui,sans-serif;overflow-wrap:anywhere;${colours}}
img{max-width:100%;height:auto}table{max-width:100%}.plain{white-space:pre-wrap;font:inherit;margin:0}a{color:${themed ? "#62abf5" : "#0f6cbd"}}
blockquote{margin:0 0 0 .5em;padding-left:.8em;border-left:2px solid #c8c8c8}</style></head><body>${body}</body></html>`;
}

function cleaned(content: string, pictures: Map<string, string>): { body: string; remote: number } {
  const parsed = new DOMParser().parseFromString(content, "text/html");
  for (const element of parsed.querySelectorAll(forbidden)) element.remove();
  for (const element of parsed.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (/^on/i.test(name) || /^\s*(javascript|vbscript):/i.test(value)) element.removeAttribute(name);
    }
  }
  let remote = 0;
  for (const image of parsed.querySelectorAll("img")) {
    image.removeAttribute("srcset");
    if (!/^\s*(cid|data):/i.test(image.getAttribute("src") ?? "")) {
      remote++;
      image.remove();
    }
  }
  for (const image of parsed.querySelectorAll("img[src]")) {
    const cid = /^cid:(.+)$/i.exec(image.getAttribute("src") ?? "")?.[1];
    if (cid) image.setAttribute("src", pictures.get(bare(cid)) ?? "");
  }
  for (const link of parsed.querySelectorAll("a[href], area[href]")) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  }
  for (const element of parsed.querySelectorAll("[background]")) element.removeAttribute("background");
  for (const element of parsed.querySelectorAll("[style]")) {
    element.setAttribute("style", withoutAddresses(element.getAttribute("style") ?? ""));
  }
  for (const style of parsed.querySelectorAll("style")) style.textContent = withoutAddresses(style.textContent ?? "");
  const styles = [...parsed.querySelectorAll("head style")].map((style) => style.outerHTML).join("");
  const inside = parsed.body.outerHTML.replace(/^<body/i, "<div").replace(/<\/body>$/i, "</div>");
  return { body: styles + inside, remote };
}

/** Styles may name pictures and further style sheets. The policy would refuse them; this spares the attempt. */
const withoutAddresses = (css: string) =>
  css.replace(/@import[^;]*;?/gi, "").replace(/url\(\s*["']?(?!data:)[^)]*\)/gi, "none");

/** Content ids are compared without the angle brackets and percent signs that mailers put around them. */
export function bare(contentId: string): string {
  const decoded = /%[0-9a-f]{2}/i.test(contentId) ? decodeURIComponent(contentId) : contentId;
  return decoded.replace(/^<|>$/g, "").toLowerCase();
}

const withLinks = (text: string) =>
  escapeHtml(text).replace(
    /https?:\/\/[^\s<>"&]+(?:&amp;[^\s<>"&]+)*/g,
    (url) => `<a href="${url}" target="_blank" rel="noopener noreferrer">${url}</a>`,
  );

import { createRoot } from "react-dom/client";
import { language, startOutlook } from "../outlook/outlook.ts";
import { speechFor } from "../text/text.tsx";
import { Pane } from "./pane.tsx";
import { readSettings } from "./settings.ts";

const element = document.getElementById("pane");
if (!element) throw new Error("The page lost its #pane: compare addin/pane.html.");

// Office.js gives a page 10 s to call it; what takes longer comes after.
const start = await startOutlook();
const speech = await speechFor(start === "ready" ? language() : navigator.language);
createRoot(element).render(<Pane start={start} settings={readSettings()} speech={speech} />);

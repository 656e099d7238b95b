import { createRoot } from "react-dom/client";
import { startOutlook } from "../outlook/outlook.ts";
import { Pane } from "./pane.tsx";
import { readSettings } from "./settings.ts";

const element = document.getElementById("pane");
if (!element) throw new Error("The page lost its #pane: compare addin/pane.html.");

// Office.js wants to be called within 10 s; React starts meanwhile.
const outlook = startOutlook();
createRoot(element).render(<Pane start={await outlook} settings={readSettings()} />);

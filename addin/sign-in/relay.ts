/** Opened by MSAL from a pane in another site's frame; the click lets the browser open the sign-in window. */
import { runPopupRelay } from "@azure/msal-browser/popup-relay";

const words = document.getElementById("words");

document.getElementById("continue")?.addEventListener("click", () => {
  try {
    runPopupRelay();
    if (words) words.textContent = "Sign in in the new window; this one closes by itself.";
  } catch {
    if (words) words.textContent = "This page belongs to a sign-in. Close it and sign in from Outlook.";
  }
});

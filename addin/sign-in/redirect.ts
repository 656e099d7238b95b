/** The sign-in window's last page: hands Entra's answer to the pane that asked, and closes. */
import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

broadcastResponseToMainFrame().catch(() => {
  const words = document.querySelector("p");
  if (words)
    words.textContent = "This page finishes a sign-in and has none to finish. Close it and sign in from Outlook.";
});

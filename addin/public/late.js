// When the pane's own code cannot be loaded (an old page after an update, a lost connection), nothing else could say so.
setTimeout(() => {
  const waiting = document.querySelector("#pane > .starting");
  if (!waiting) return;
  const german = navigator.language.startsWith("de");
  const again = document.createElement("button");
  again.textContent = german ? "Neu laden" : "Reload";
  again.addEventListener("click", () => location.reload());
  waiting.textContent = german ? "Deskhatch konnte nicht geladen werden. " : "Deskhatch could not be loaded. ";
  waiting.append(again);
}, 15_000);

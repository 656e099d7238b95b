/* Comforts; every page works without them. */

/* A form that was sent says so and is not sent twice. */
addEventListener("submit", ({ target }) => {
  const button = target.querySelector("button[type=submit]");
  if (!target.dataset.wait || !button) return;
  setTimeout(() => {
    button.disabled = true;
    button.dataset.words = button.textContent;
    button.textContent = target.dataset.wait;
  });
});

/* Coming back with the browser's button: the form is as it was. */
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[data-words]")) {
    button.disabled = false;
    button.textContent = button.dataset.words;
  }
});

/* What is on its way appears by itself; a new answer does too. */
const conversation = document.getElementById("conversation");
const awaitsNumber = document.querySelector("[data-awaits-number]");
const here = location.pathname;
let quick = 40;

async function look() {
  if (document.hidden) return again(5000);
  const answer = await fetch(here, { headers: { accept: "text/html", "x-live": "1" } }).catch(() => null);
  // Taken off the ticket, signed out, or the link ended: the page says so itself, and shows nothing that it showed before.
  const moved = answer?.ok && new URL(answer.url).pathname !== here;
  if (answer?.status === 404 || (moved && !awaitsNumber)) return location.reload();
  if (moved) return location.replace(answer.url);
  if (!answer?.ok) return again(30000);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const before = answers();
  for (const part of ["#conversation", ".ticket-head"]) renew(part, fresh, "innerHTML");
  // The fields of the answer are in none of these: what is being written stays. Every page has once keys of its own, so words are compared.
  for (const part of ["#reopening", "#closing"]) renew(part, fresh, "textContent");
  const news = document.getElementById("news");
  if (news && answers() > before) news.textContent = news.dataset.words;
  again();
}

function renew(part, fresh, content) {
  const [now, next] = [document.querySelector(part), fresh.querySelector(part)];
  if (now && next && now[content] !== next[content]) now.replaceWith(next);
}

const answers = () => document.querySelectorAll('.entry[data-side="team"]').length;

function again(milliseconds) {
  const waiting = awaitsNumber || document.querySelector(".entry.sent");
  setTimeout(look, milliseconds ?? (waiting && quick-- > 0 ? 1500 : 30000));
}

if (conversation || awaitsNumber) again();

/* A person touches the page of a secure link; the programs that check mail do not. */
if (here.startsWith("/link/")) {
  const opened = () => fetch(`${here}/opening`, { method: "POST" }).catch(() => null);
  const touched = new AbortController();
  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(
      sign,
      () => {
        touched.abort();
        opened();
      },
      { signal: touched.signal, passive: true },
    );
  }
}

/* What is being written survives a lost connection and an ended session; in this tab only. */
const draftOf = (name, path = here) => `draft ${path} ${name}`;
for (const name of ["subject", "text"]) {
  const field = document.getElementById(name);
  if (awaitsNumber) sessionStorage.removeItem(draftOf(name, "/tickets/new"));
  if (location.hash.startsWith("#by-")) sessionStorage.removeItem(draftOf(name));
  if (!field) continue;
  field.value ||= sessionStorage.getItem(draftOf(name)) ?? "";
  field.addEventListener("input", () => sessionStorage.setItem(draftOf(name), field.value));
}
addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") === "/sign-out") sessionStorage.clear();
});

/* What went wrong is read out and seen first. */
document.getElementById("errors")?.focus();

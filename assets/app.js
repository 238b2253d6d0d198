// What the pages can do better with script than without. Nothing here is needed to get work done.
const DRAFT = "lianqi-draft";
const SENT = "lianqi-sent-draft";
const DRAFT_DAYS = 7;
const alertBox = () => document.getElementById("live-alert");

function say(key) {
  const box = alertBox();
  if (!box) return;
  box.textContent = box.dataset[key] ?? "";
  setTimeout(() => (box.textContent = ""), 8000);
}

// ---- One submit per click ----
// The button is disabled after the browser has read the form, so its name and value still go along.
function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[data-held]")) {
    button.disabled = false;
    delete button.dataset.held;
  }
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sending = "yes";
    const button = event.submitter;
    setTimeout(() => {
      if (!button || !form.dataset.sending) return;
      button.disabled = true;
      button.dataset.held = "yes";
    });
    setTimeout(() => release(form), 15000); // an answer that is a download leaves the page as it was
  },
  true,
);

// ---- Ctrl+Enter sends a form that says so ----
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-ctrl-enter]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(".form-end button"));
});

// ---- Tick all rows of this page ----
function offerTickAll() {
  for (const box of document.querySelectorAll("[data-tick-all]")) box.hidden = false;
}
document.addEventListener("change", (event) => {
  const all = event.target;
  if (!all.closest?.("[data-tick-all]")) return;
  for (const field of all.form.elements) if (field.name === "numbers") field.checked = all.checked;
});
document.addEventListener("DOMContentLoaded", offerTickAll);
document.addEventListener("htmx:afterSwap", offerTickAll);

addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

// ---- Drafts of long forms ----
const draftKey = (form) =>
  [DRAFT, document.body.dataset.user ?? "", form.dataset.draft, form.getAttribute("action") ?? location.pathname].join(":");
const draftFields = (form) =>
  [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));

function draftValues(form) {
  return draftFields(form).map((field) => [
    field.name,
    ["checkbox", "radio"].includes(field.type) ? (field.checked ? field.value : null) : field.value,
  ]);
}

function isUntouched(form) {
  if (form.querySelector("[aria-invalid]")) return false;
  return draftFields(form).every((field) => {
    if (["checkbox", "radio"].includes(field.type)) return field.checked === field.defaultChecked;
    if (field.options) return true;
    return field.value === "" || field.dataset.suggested !== undefined;
  });
}

function fill(form, values) {
  const waiting = [...values];
  for (const field of draftFields(form)) {
    const found = waiting.findIndex(([name]) => name === field.name);
    if (found < 0) continue;
    const [[, value]] = waiting.splice(found, 1);
    if (["checkbox", "radio"].includes(field.type)) field.checked = value !== null;
    else field.value = value;
  }
}

function noteRestored(form) {
  const words = alertBox()?.dataset;
  if (!words) return;
  const note = document.createElement("p");
  note.className = "note draft-note";
  note.setAttribute("role", "status");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn btn-ghost";
  again.textContent = words.restart;
  again.addEventListener("click", () => {
    localStorage.removeItem(draftKey(form));
    form.reset();
    delete form.dataset.dirty;
    note.remove();
    draftFields(form)[0]?.focus();
  });
  note.append(words.restored, again);
  form.prepend(note);
}

function openDraft(form) {
  if (form.dataset.opened) return;
  form.dataset.opened = "yes";
  const sent = sessionStorage.getItem(SENT) === draftKey(form);
  if (sent) sessionStorage.removeItem(SENT);
  const stored = JSON.parse(localStorage.getItem(draftKey(form)) ?? "null");
  const fresh = stored && Date.now() - stored.at < DRAFT_DAYS * 864e5;
  if (fresh && isUntouched(form)) {
    fill(form, stored.values);
    noteRestored(form);
  } else if (stored && !fresh) localStorage.removeItem(draftKey(form));
}

let saving;
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  form.dataset.dirty = "yes";
  clearTimeout(saving);
  saving = setTimeout(() => {
    localStorage.setItem(draftKey(form), JSON.stringify({ at: Date.now(), values: draftValues(form) }));
  }, 400);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-sign-out]")) {
    // The next person at this computer must not find anything.
    for (const key of Object.keys(localStorage)) if (key.startsWith(DRAFT)) localStorage.removeItem(key);
  }
  if (!form.dataset.draft) return;
  delete form.dataset.dirty;
  clearTimeout(saving);
  localStorage.setItem(draftKey(form), JSON.stringify({ at: Date.now(), values: draftValues(form) }));
  if (!event.defaultPrevented) sessionStorage.setItem(SENT, draftKey(form));
});

/** A draft sent without htmx is done with when the next page is neither its form nor sign-in nor an error. */
function closeSentDraft() {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  const shown = [...document.querySelectorAll("form[data-draft]")].some((form) => draftKey(form) === key);
  const refused = document.querySelector("input[type=password], [data-failed]");
  if (shown || refused) return;
  localStorage.removeItem(key);
  sessionStorage.removeItem(SENT);
}

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});

// ---- htmx: focus, errors, whole pages ----
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  start();
  if (!target.matches?.(".step-panel")) return;
  const wanted =
    target.querySelector(".errors a, [aria-invalid]") ??
    target.querySelector("form :is(input, select, textarea):not([type=hidden])") ??
    target.querySelector("h1, h2");
  (wanted?.matches(".errors a") ? (target.querySelector(wanted.getAttribute("href")) ?? wanted) : wanted)?.focus();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.shouldSwap || detail.target === document.body || !/^\s*<!doctype html/i.test(detail.serverResponse)) return;
  // The session ended or the record moved: a whole page never goes into a part of this one.
  detail.shouldSwap = false;
  document.querySelectorAll("form[data-dirty]").forEach((form) => delete form.dataset.dirty);
  location.assign(detail.xhr.responseURL);
});

document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  const form = elt.closest("form");
  if (!form || elt.closest("[data-aside]")) return; // what is looked up while typing sends nothing
  release(form);
  if (xhr.status >= 200 && xhr.status < 300 && form.dataset.draft && !/^\s*<!doctype/i.test(xhr.responseText)) {
    localStorage.removeItem(draftKey(form));
  }
});

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => say(xhr.status === 403 ? "forbidden" : "failed"));
document.addEventListener("htmx:sendError", () => say("offline"));

// ---- Small conveniences ----
document.addEventListener("click", async (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    say("copied");
  }
  if (event.target.closest("[data-print]")) print();
  const pick = event.target.closest("[data-pick-day]");
  if (pick) pick.nextElementSibling.showPicker();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches(".day-native")) return;
  const typed = event.target.parentElement.querySelector("input");
  typed.value = event.target.value;
  typed.dispatchEvent(new Event("input", { bubbles: true }));
});

/** Shows what works only with script, and looks after drafts; again after each htmx swap. */
function start() {
  document.querySelectorAll("[data-copy][hidden], [data-print][hidden], [data-pick-day][hidden]").forEach((button) => {
    button.hidden = false;
    if (button.dataset.pickDay !== undefined) button.nextElementSibling.hidden = false;
  });
  document.querySelectorAll("form[data-draft]").forEach(openDraft);
}

closeSentDraft();
start();

/* The page's own script: shows a document in the source pane and marks cited characters in it.
 *
 * Offsets count code points, as everywhere in attest; a JavaScript string counts UTF-16 units, so that one character
 * outside the basic plane would move every later mark. All text goes in by textContent, never as HTML.
 *
 * But: it decides nothing about answers, and talks to this page's own server only.
 */
(() => {
  "use strict";

  const SECTION = 30; // paragraphs that are laid out together
  const NARROW = "(max-width: 900px)";
  const pages = window.attestPages;
  const state = { shown: null, asked: 0, starts: [], blocks: [], returnTo: null, turns: 0, done: false, checked: null, jumped: -1 };
  const $ = (id) => document.getElementById(id);

  // ---- the source pane ------------------------------------------------------------------------------------------

  async function load(documentId) {
    if (!documentId || !$("source-text")) return false;
    const ticket = ++state.asked;
    let source;
    try {
      const response = await fetch(`/attest/source/${encodeURIComponent(documentId)}`, { cache: "no-cache" });
      if (!response.ok) throw new Error("gone");
      source = await response.json();
    } catch {
      if (ticket === state.asked) announce("This source cannot be shown: reload the page.", true);
      return false;
    }
    if (ticket !== state.asked) return false; // something else was asked for meanwhile
    if (!state.shown || state.shown.id !== source.id || state.shown.sha256 !== source.sha256) render(source);
    return true;
  }

  /* Shows a document without marking anything new. */
  async function open(documentId) {
    if (await load(documentId)) await pages.present();
  }

  function render(source) {
    const pane = $("source-text");
    const all = document.createDocumentFragment();
    state.starts = [];
    state.blocks = [];
    let section = null;
    for (const block of source.blocks) {
      if (section === null || block.kind === "heading" || section.childElementCount === SECTION) {
        section = document.createElement("section");
        all.append(section);
      }
      const element = elementOf(block, source);
      section.append(element);
      state.starts.push(block.start);
      state.blocks.push(element);
    }
    for (const section of all.children) { // sections off screen are not laid out: what they will need is guessed
      section.style.containIntrinsicBlockSize = `auto ${Math.round(section.textContent.length * 0.42 + section.childElementCount * 22)}px`;
    }
    pane.replaceChildren(all);
    pane.scrollTop = 0;
    $("source-title").textContent = source.title;
    $("overview").dataset.ask = `Overview of “${source.title}”`;
    $("overview").hidden = false;
    const { id, sha256, title, origin, characters, original } = source;
    pages.open({ id, title, original });
    state.shown = { id, sha256, title, about: `${origin} · ${characters.toLocaleString("en")} characters` };
    about();
  }

  function about() {
    $("source-about").textContent = state.shown.about;
  }

  const TAGS = { heading: "h3", quotation: "blockquote", letter: "blockquote", caption: "p", note: "p", prose: "p" };

  function elementOf(block, source) {
    const element = document.createElement(block.kind === "heading" && block.level > 2 ? "h4" : TAGS[block.kind] || "p");
    element.className = `para is-${block.kind}`; // Gradio has meanings of its own for "block" and "prose"
    element.dataset.start = block.start;
    if (block.lines) element.classList.add("has-lines");
    if (block.speaker) element.title = `${block.speaker}, quoted`;
    for (const [text, flag] of block.parts) {
      if (!flag) {
        element.append(document.createTextNode(text));
        continue;
      }
      const span = document.createElement("span");
      span.className = `is-${flag}`;
      span.textContent = text;
      element.append(span);
    }
    const words = block.parts.filter(([, flag]) => flag !== "markup").map(([text]) => text);
    if (block.kind === "heading" && words.join("").trim() === source.title.trim()) element.classList.add("is-title");
    return element;
  }

  // ---- marking exactly [start, end) in code points ----------------------------------------------------------------

  function unmark() {
    for (const mark of document.querySelectorAll("#source-text mark")) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
  }

  function mark(start, end) {
    unmark();
    const marks = [];
    for (let i = lastAtOrBefore(state.starts, start); i < state.blocks.length && state.starts[i] < end; i++) {
      marks.push(...markBlock(state.blocks[i], start - state.starts[i], end - state.starts[i]));
    }
    return marks;
  }

  function lastAtOrBefore(sorted, value) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  function markBlock(block, from, to) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const pieces = [];
    let point = 0;
    for (let node = walker.nextNode(); node && point < to; node = walker.nextNode()) {
      const units = unitsOf(node.data, from - point, to - point);
      if (units.left < units.right) pieces.push([node, units.left, units.right]);
      point += units.points;
    }
    return pieces.map(([node, left, right]) => {
      const range = document.createRange();
      range.setStart(node, left);
      range.setEnd(node, right);
      const element = document.createElement("mark");
      range.surroundContents(element);
      return element;
    });
  }

  /* Where code points `from` and `to` of `text` lie in UTF-16 units, and how many code points it has. */
  function unitsOf(text, from, to) {
    let units = 0;
    let points = 0;
    let left = 0;
    let right = 0;
    for (const character of text) {
      if (points < from) left = units + character.length;
      if (points < to) right = units + character.length;
      units += character.length;
      points += 1;
    }
    return { left, right, points };
  }

  /* What `target`, a chip or a passage, points at. A pointer holds for one text only: where the document has been
   * replaced since, its offsets would mark other words, so nothing is marked. */
  async function show(target, { focus = true } = {}) {
    const { document: documentId, sha256, start, end } = target.dataset;
    if (!(await load(documentId))) return;
    if (state.shown.sha256 !== sha256) {
      unmark();
      pages.cite(null);
      pages.present();
      announce("This document has changed since then: ask or check again.", true);
      return;
    }
    about();
    const marks = mark(Number(start), Number(end));
    if (!marks.length) return;
    const places = JSON.parse(target.dataset.pages || "[]");
    if (places.some(([, , recognised]) => recognised)) $("source-about").textContent = `Recognised in a picture of page ${places[0][0]}: may be misread.`;
    pages.cite(places, marks.map((element) => element.textContent).join(""));
    if (focus) openSheet();
    await look({ focus });
  }

  /* Brings the first mark of the view that is chosen into sight. */
  async function look({ focus = true } = {}) {
    const ticket = state.asked;
    const onPage = await pages.present();
    const target = onPage || document.querySelector("#source-text mark");
    if (!target || ticket !== state.asked || (onPage === null && $("source-text").hidden)) return;
    if (onPage) pages.reveal(target);
    else reveal(target);
    if (focus) {
      if (target.id !== "page-frame") target.tabIndex = -1;
      focusOn(target);
      $("back").hidden = !state.returnTo;
      announce(`Showing the cited words in ${state.shown.title}.`);
    }
  }

  /* Brings an element into the upper third of the pane; again for some frames, because sections that come into view
   * turn out higher or lower than was guessed. */
  function reveal(element, frames = 12) {
    if (!element.isConnected) return;
    const pane = $("source-text");
    const box = element.getBoundingClientRect();
    const frame = pane.getBoundingClientRect();
    const away = box.top - frame.top - frame.height * 0.3;
    if (Math.abs(away) > 1) pane.scrollTop += away;
    if (frames > 0) requestAnimationFrame(() => reveal(element, frames - 1));
  }

  /* Gives an element the focus, if need be some frames later: what slides into view may not take it at once. */
  function focusOn(element, frames = 30) {
    element.focus({ preventScroll: true });
    if (document.activeElement !== element && frames > 0) requestAnimationFrame(() => focusOn(element, frames - 1));
  }

  function announce(text, visible = false) {
    if ($("announce")) $("announce").textContent = text;
    if (visible && $("source-about")) $("source-about").textContent = text;
  }

  // ---- on a narrow screen the source is a sheet over the conversation ----------------------------------------------

  function openSheet() {
    if (matchMedia(NARROW).matches) document.documentElement.classList.add("source-open");
  }

  function closeSheet() {
    document.documentElement.classList.remove("source-open");
  }

  function back() {
    const target = state.returnTo;
    closeSheet();
    $("back").hidden = true;
    state.returnTo = null;
    if (target && target.isConnected) target.focus();
  }

  // ---- what is clicked ----------------------------------------------------------------------------------------------

  function pick(target) {
    for (const chosen of document.querySelectorAll("[data-document].chosen")) chosen.classList.remove("chosen");
    target.classList.add("chosen");
  }

  function onClick(event) {
    const target = event.target.closest("button, a.chip");
    if (!target) return;
    if (target.dataset.document) {
      event.preventDefault();
      pick(target);
      state.returnTo = target;
      show(target);
    } else if (target.dataset.ask) {
      choose(false);
      enter("question", target.dataset.ask, "ask");
    } else if (target.dataset.check) {
      enter("text", target.dataset.check, "check");
    } else if (target.dataset.jump) {
      jump(target.dataset.jump);
    } else if (target.id === "mode-ask" || target.id === "mode-check") {
      choose(target.id === "mode-check");
    } else if (target.id === "as-text" || target.id === "as-page") {
      pages.choose(target.id === "as-page");
      look({ focus: false });
    } else if (pages.clicked(target.id)) {
      return;
    } else if (target.id === "back" || target.id === "close-source") {
      back();
    } else if (target.id === "open-source") {
      state.returnTo = target;
      openSheet();
      focusOn($("source-text"));
    }
  }

  /* Puts a text into one of Gradio's fields as if it had been typed, then clicks a button of Gradio's. */
  function enter(field, text, button) {
    const into = document.querySelector(`#${field} textarea, #${field} input`);
    const click = document.querySelector(`button#${button}, #${button} button`);
    if (!into || !click) return;
    const prototype = into instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(prototype.prototype, "value").set.call(into, text);
    into.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => click.click(), 30);
  }

  // ---- asking or checking -------------------------------------------------------------------------------------------

  const CHECKING = "#check"; // an address that ends so opens the page for checking

  function choose(checking) {
    document.documentElement.classList.toggle("checks", checking);
    $("mode-ask").setAttribute("aria-pressed", String(!checking));
    $("mode-check").setAttribute("aria-pressed", String(checking));
    if (checking !== (location.hash === CHECKING)) history.replaceState(history.state, "", checking ? CHECKING : location.pathname);
  }

  /* To the next sentence of this kind, from the one that has the focus. */
  function jump(kind) {
    const found = [...document.querySelectorAll(`#checked .claim.${kind}`)];
    if (!found.length) return;
    const next = found[(state.jumped = (state.jumped + 1) % found.length)];
    next.scrollIntoView({ block: "center" });
    next.focus({ preventScroll: true });
    const first = next.querySelector(".chip");
    if (first) {
      pick(first);
      show(first, { focus: false });
    }
  }

  /* The first sentence that a reader has to look into, else the first of all, is opened beside the text. */
  function onChecked() {
    const done = document.querySelector("#checked .check.done");
    const key = done && done.dataset.key;
    if (key === state.checked) return;
    state.checked = key;
    if (!done) return;
    state.jumped = -1;
    document.querySelector("#checked .conversation").scrollTop = 0;
    announce(document.querySelector("#checked .summary").textContent);
    const first = done.querySelector(".contradicted .chip") || done.querySelector(".chip");
    if (!first || !document.documentElement.classList.contains("checks")) return;
    pick(first);
    show(first, { focus: false });
  }

  const countOf = (text) => [...text].length; // as the server counts

  /* Nothing is cut: a text that is too long is not sent, and the line below it says so. */
  function count() {
    const field = document.querySelector("#text textarea");
    const line = $("counted");
    if (!field || !line) return false;
    const most = Number(line.dataset.most);
    const length = countOf(field.value);
    const over = length > most;
    const [has, may] = [length, most].map((number) => number.toLocaleString("en"));
    line.textContent = over ? `${has} characters: up to ${may} are checked at a time.` : length > most * 0.8 ? `${has} of ${may} characters` : "";
    line.classList.toggle("bad", over);
    return over;
  }

  function onCheck(event) {
    if (!event.target.closest("#check") || !count()) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  }

  // ---- a file is sent to the server, which gives a ticket for it; with the ticket it is added ------------------------

  function onFile(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.closest("#upload")) return;
    if (input.files.length) send(input.files[0], Number(input.dataset.most));
    input.value = "";
  }

  function onDrag(event) {
    const target = event.target instanceof Element ? event.target.closest("#upload .drop") : null;
    if (!target && event.type !== "drop" && event.type !== "dragover") return;
    event.preventDefault(); // a file dropped beside the field must not replace the page
    for (const drop of document.querySelectorAll("#upload .drop")) drop.classList.toggle("over", event.type === "dragover" && drop === target);
    if (target && event.type === "drop" && event.dataTransfer.files.length) {
      send(event.dataTransfer.files[0], Number(target.querySelector("input").dataset.most));
    }
  }

  function send(file, most) {
    if (file.size > most) {
      uploading(`${file.name} has ${Math.ceil(file.size / 2 ** 20)} MB: up to ${most / 2 ** 20} MB are accepted.`, true);
      return;
    }
    const request = new XMLHttpRequest(); // fetch does not tell how far a body has been sent
    request.open("POST", `/attest/upload?name=${encodeURIComponent(file.name)}`);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => uploading(`Sending ${file.name}: ${Math.floor((100 * loaded) / Math.max(1, total))} %`);
    request.onerror = () => uploading("The file could not be sent: try again.", true);
    request.onload = () => {
      if (request.status === 401) return location.reload();
      const { ticket, error } = request.response || {};
      if (!ticket) return uploading(error || "The file could not be sent: try again.", true);
      uploading("");
      enter("ticket", ticket, "bring");
    };
    uploading(`Sending ${file.name} …`);
    request.send(file);
  }

  function uploading(text, bad = false) {
    const line = $("uploading");
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("bad", bad);
  }

  // ---- a new answer: bring it into view, and open its first citation beside it --------------------------------------

  function onConversation() {
    const turns = document.querySelectorAll("#conversation .turn");
    const last = turns[turns.length - 1];
    const number = last ? Number(last.dataset.turn) : 0;
    const done = Boolean(last && last.classList.contains("done"));
    if (last && (number !== state.turns || done !== state.done)) {
      const scroller = document.querySelector("#conversation .conversation");
      scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
      const first = last.querySelector(".chip");
      if (first && done) {
        pick(first);
        show(first, { focus: false });
      }
    }
    if (!last && state.turns) {
      unmark();
      pages.cite(null);
    }
    state.turns = number;
    state.done = done;
  }

  function start() {
    new MutationObserver(onConversation).observe($("conversation"), { childList: true, subtree: true });
    new MutationObserver(onChecked).observe($("checked"), { childList: true, subtree: true });
    document.addEventListener("click", onCheck, true);
    document.addEventListener("click", onClick);
    document.addEventListener("input", (event) => event.target.closest("#text") && count());
    document.addEventListener("change", onFile);
    for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, onDrag);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && state.returnTo) back();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("#text")) $("check").click();
    });
    window.addEventListener("hashchange", () => choose(location.hash === CHECKING));
    choose(location.hash === CHECKING);
    open($("source-pane").dataset.first);
  }

  /* A session of the login that has ended: every call is answered with 401, and the page with the login. */
  const call = window.fetch;
  window.fetch = async (...what) => {
    const response = await call(...what);
    if (response.status === 401) location.reload();
    return response;
  };

  window.attest = { choose: (id) => (id === "all" ? undefined : open(id)) };

  const waiting = new MutationObserver(() => {
    if ($("source-pane") && $("conversation") && $("checked") && $("modes")) {
      waiting.disconnect();
      start();
    }
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });
})();

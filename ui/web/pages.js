/* The source pane's other view: a page of a PDF as a picture, the cited words marked on it.
 *
 * The server draws one page at a time and says how large it is in points; the rectangles of a citation are in points
 * from the top left of the page, so that they are laid over the picture in per cent, whatever its size on the screen.
 *
 * But: which document is shown, and what is cited in it, page.js knows.
 */
window.attestPages = (() => {
  "use strict";

  const LONGEST = 300; // characters of the cited words in the description of a picture
  const state = { source: null, cited: null, asPage: false, page: 0, pages: 0, asked: 0 };
  const $ = (id) => document.getElementById(id);

  /* Another document stands in the pane; nothing of it is cited yet. `original` is null where it has no pages. */
  function open(source) {
    state.source = source;
    state.cited = null;
    forget();
  }

  /* `places`: [page, rectangles, whether its text was recognised in a picture] in the order of the text; `words`: what
   * is cited. Null for nothing. */
  function cite(places, words) {
    state.cited = places ? { places, words } : null;
    if (!places) markPage();
  }

  function choose(asPage) {
    state.asPage = asPage;
  }

  /* Shows the view that is chosen, where there is one; resolves to the element to look at, null for the text. */
  async function present() {
    const { source, cited } = state;
    const offered = Boolean(source && source.original);
    const asPage = offered && state.asPage && !(cited && !cited.places.length);
    $("views").hidden = !offered;
    $("source-text").hidden = asPage;
    $("source-page").hidden = !asPage;
    $("as-text").setAttribute("aria-pressed", String(!asPage));
    $("as-page").setAttribute("aria-pressed", String(asPage));
    if (!asPage) return null;
    return turnTo(cited ? cited.places[0][0] : state.page || 1);
  }

  function forget() {
    state.page = state.pages = 0;
    state.asked += 1;
    $("sheet").hidden = true;
    $("page-picture").removeAttribute("src");
    say("");
  }

  async function turnTo(number) {
    const { source, cited } = state;
    const ticket = ++state.asked;
    if (number !== state.page) {
      $("page-frame").setAttribute("aria-busy", "true");
      say(`Page ${number} is being drawn …`);
      let found;
      try {
        const path = [source.id, source.original, number].map(encodeURIComponent).join("/");
        const response = await fetch(`/attest/page/${path}`, { cache: "no-cache" });
        if (!response.ok) throw new Error((await response.text()).trim());
        found = await response.json();
        if (ticket !== state.asked) return null;
        await picture(found.picture);
      } catch (error) {
        if (ticket !== state.asked) return null;
        forget();
        say(error.message || "This page cannot be shown.");
        return $("page-frame");
      } finally {
        if (ticket === state.asked) $("page-frame").removeAttribute("aria-busy");
      }
      if (ticket !== state.asked) return null;
      Object.assign(state, { page: found.page, pages: found.pages, width: found.width, height: found.height });
      $("sheet").hidden = false;
      $("page-frame").scrollTop = 0;
    }
    const recognised = cited && cited.places.some(([page, , guessed]) => page === state.page && guessed);
    say(`Page ${state.page} of ${state.pages}${recognised ? " · a picture, its words were recognised" : ""}`);
    return markPage() || $("page-frame");
  }

  /* The picture replaces the one before it when it can be seen. */
  async function picture(address) {
    const image = $("page-picture");
    const before = image.getAttribute("src");
    image.src = address;
    try {
      await image.decode();
    } catch {
      if (before === null) image.removeAttribute("src");
      throw new Error("The picture of this page cannot be shown.");
    }
  }

  function say(text) {
    $("page-number").textContent = text;
    $("page-before").disabled = state.page <= 1;
    $("page-after").disabled = state.page >= state.pages;
  }

  /* Marks what is cited on this page; the first mark, null where there is none. */
  function markPage() {
    for (const mark of document.querySelectorAll("#sheet mark")) mark.remove();
    if (!state.page) return null;
    const { cited, source, page, pages, width, height } = state;
    const boxes = cited ? cited.places.filter(([number]) => number === page).flatMap(([, found]) => found) : [];
    for (const [left, top, right, bottom] of boxes) {
      const mark = document.createElement("mark");
      mark.style.left = `${(100 * left) / width}%`;
      mark.style.top = `${(100 * top) / height}%`;
      mark.style.width = `${(100 * (right - left)) / width}%`;
      mark.style.height = `${(100 * (bottom - top)) / height}%`;
      $("sheet").append(mark);
    }
    const words = cited && cited.words.length > LONGEST ? `${cited.words.slice(0, LONGEST)}…` : cited && cited.words;
    $("page-picture").alt = `Page ${page} of ${pages} of “${source.title}”, as a picture; its words are in the text view.`
      + (boxes.length ? ` Marked on it: ${words}` : "");
    const first = document.querySelector("#sheet mark");
    if (first) first.setAttribute("aria-label", "The cited words");
    return first;
  }

  /* Brings a mark into the upper third of the frame, and into its middle where the page is wider. */
  function reveal(mark) {
    const frame = $("page-frame");
    if (mark === frame) return;
    const box = mark.getBoundingClientRect();
    const view = frame.getBoundingClientRect();
    frame.scrollTop += box.top - view.top - view.height * 0.3;
    frame.scrollLeft += box.left - view.left - Math.max(16, (view.width - box.width) / 2);
  }

  async function step(by) {
    const number = state.page + by;
    if (number < 1 || number > state.pages) return;
    const found = await turnTo(number);
    if (found) reveal(found);
  }

  function larger() {
    const pressed = $("page-larger").getAttribute("aria-pressed") !== "true";
    $("page-larger").setAttribute("aria-pressed", String(pressed));
    $("sheet").classList.toggle("larger", pressed);
    const first = document.querySelector("#sheet mark");
    if (first) reveal(first);
  }

  /* Whether a button of this view was clicked. */
  function clicked(id) {
    if (id === "page-before") step(-1);
    else if (id === "page-after") step(1);
    else if (id === "page-larger") larger();
    else return false;
    return true;
  }

  return { open, cite, choose, present, reveal, clicked };
})();

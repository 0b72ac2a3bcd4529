// @ts-check
// The panel of the poll plugin: the room's polls, and a form for a new one.

/** @typedef {{id: number, from: string, question: string, choices: string[], votes: number[], mine?: number}} Poll */

/** @param {any} panel @param {any} bridge */
export function mount(panel, bridge) {
  const region = panel.region("side", { title: "Poll", order: 90 });
  const list = make("div", "poll-list");
  list.setAttribute("aria-live", "polite");
  let newest = 0, unseen = 0;
  region.append(list, form());
  region.addEventListener("shown", () => panel.badge(region, (unseen = 0)));

  bridge.on("polls", (/** @type {{items: Poll[]}} */ { items }) => {
    list.replaceChildren(...(items.length > 0 ? items.map(poll) : [make("p", "empty", "No polls yet. Ask the room something!")]));
    const latest = items[0]?.id ?? 0;
    if (latest > newest && region.offsetParent === null) panel.badge(region, ++unseen);
    newest = latest;
  });

  /** @param {Poll} poll */
  function poll({ id, from, question, choices, votes, mine }) {
    const element = make("section", "poll");
    const total = votes.reduce((sum, n) => sum + n, 0);
    element.append(make("h3", "poll-question", question));
    choices.forEach((text, i) => {
      const button = make("button", "poll-choice");
      button.setAttribute("aria-pressed", String(i === mine));
      button.style.setProperty("--poll-share", `${total ? (100 * votes[i]) / total : 0}%`);
      button.append(make("span", "poll-text", text), make("span", "poll-votes", String(votes[i])));
      button.onclick = () => ask("vote", { poll: id, choice: i });
      element.append(button);
    });
    element.append(make("p", "muted poll-foot", `${total} ${total === 1 ? "vote" : "votes"} · asked by ${from}`));
    return element;
  }

  function form() {
    const element = /** @type {HTMLFormElement} */ (make("form", "poll-form"));
    const question = field("input", "Question", 200), choices = field("textarea", "Choices, one on each line", 660);
    element.append(question, choices, make("button", "btn primary", "Ask the room"));
    element.onsubmit = async (event) => {
      event.preventDefault();
      const lines = choices.value.split("\n").map((line) => line.trim()).filter(Boolean);
      if (await ask("ask", { question: question.value, choices: lines })) element.reset();
    };
    return element;
  }

  /** @param {string} type @param {object} body */
  async function ask(type, body) {
    try {
      await bridge.request(type, body);
      return true;
    } catch (error) {
      panel.notice(/** @type {Error} */ (error).message, "error");
      return false;
    }
  }
}

/** @param {string} tag @param {string} label @param {number} longest @returns {any} */
function field(tag, label, longest) {
  const element = /** @type {any} */ (make(tag, "input"));
  Object.assign(element, { placeholder: label, maxLength: longest, required: true });
  element.setAttribute("aria-label", label);
  if (tag === "textarea") element.rows = 3;
  return element;
}

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

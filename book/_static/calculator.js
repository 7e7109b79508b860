/**
 * The calculator on the page "Data gravity".
 *
 * The arithmetic and the words are those of seispipe.teaching.gravity and
 * seispipe.teaching.calculator, which also write the form, the limits and the messages into the
 * page. tests/site holds this file and those modules equal.
 */
(() => {
  "use strict";

  const BITS = 8; // in a byte
  const MEGA = 1e6;
  const GIGA = 1e9;

  /**
   * One piece of work, and the two places where it could be done.
   * @typedef {Object} Plan
   * @property {number} volume_gb - what one run reads, GB
   * @property {number} result_gb - what one run gives, GB
   * @property {number} megabit_s - rate of the line between the data and here, Mbit/s
   * @property {number} runs - how often the work is done
   * @property {number} core_hours - what one run computes
   * @property {number} cores_here
   * @property {number} cores_there
   * @property {number} egress_per_gb - dollars for each GB that leaves
   * @property {number} price_core_hour - dollars for a core and an hour near the data
   */

  /**
   * Time and money of a plan, either way; a crossover is Infinity where there is none.
   * @typedef {Object} Outcome
   * @property {number} bring_hours
   * @property {number} go_hours
   * @property {number} bring_dollars
   * @property {number} go_dollars
   * @property {number} crossover_runs_time
   * @property {number} crossover_runs_money
   */

  // ---------------------------------------------------------------- arithmetic

  /**
   * How long a volume takes on a line, in hours.
   * @param {number} volumeGb
   * @param {number} megabitS
   * @returns {number}
   */
  function transferHours(volumeGb, megabitS) {
    return (volumeGb * GIGA * BITS) / (megabitS * MEGA) / 3600;
  }

  /**
   * How many runs pay back what is spent once.
   * @param {number} once
   * @param {number} moreEachRun
   * @returns {number}
   */
  function crossover(once, moreEachRun) {
    return moreEachRun > 0 ? once / moreEachRun : Infinity;
  }

  /**
   * Compare bringing the data here with going to the data.
   * @param {Plan} plan - within the limits
   * @returns {Outcome}
   */
  function weigh(plan) {
    const move = transferHours(plan.volume_gb, plan.megabit_s);
    const fetch = transferHours(plan.result_gb, plan.megabit_s);
    const here = plan.core_hours / plan.cores_here;
    const there = plan.core_hours / plan.cores_there + fetch;
    const egress = plan.volume_gb * plan.egress_per_gb;
    const runThere =
      plan.core_hours * plan.price_core_hour + plan.result_gb * plan.egress_per_gb;
    return {
      bring_hours: move + plan.runs * here,
      go_hours: plan.runs * there,
      bring_dollars: egress,
      go_dollars: plan.runs * runThere,
      crossover_runs_time: crossover(move, there - here),
      crossover_runs_money: crossover(egress, runThere),
    };
  }

  // --------------------------------------------------------------------- words

  /**
   * Write a number as Python's format ".3g" does.
   * @param {number} number - finite, not negative
   * @returns {string}
   */
  function threeDigits(number) {
    // Half-way between two roundings Python takes the even digit, JavaScript the larger one.
    const halfWay = /^(\d\.\d[02468])50*(e.*)$/.exec(number.toExponential(100));
    const rounded = halfWay ? halfWay[1] + halfWay[2] : number.toExponential(2);
    const [digits, power] = rounded.split("e");
    if (power >= -4 && power < 3) return String(Number(rounded));
    const sign = power < 0 ? "-" : "+";
    return digits.replace(/\.?0+$/, "") + "e" + sign + String(Math.abs(power)).padStart(2, "0");
  }

  /**
   * Write a number in full after rounding it to three digits.
   * @param {number} number
   * @returns {string}
   */
  function inFull(number) {
    return Number(threeDigits(number)).toLocaleString("en-US");
  }

  /**
   * Write a time with a fitting unit and three digits.
   * @param {number} hours
   * @returns {string}
   */
  function inWords(hours) {
    const units = [["years", 8766], ["days", 24], ["hours", 1], ["minutes", 1 / 60]];
    for (const [unit, size] of units) {
      if (hours >= size) return `${threeDigits(hours / size)} ${unit}`;
    }
    return `${threeDigits(hours * 3600)} seconds`;
  }

  /**
   * Write money in cents below a thousand dollars, with three digits above.
   * @param {number} dollars
   * @returns {string}
   */
  function inDollars(dollars) {
    if (dollars > 0 && dollars < 0.01) return "less than 1 cent";
    if (Number(dollars.toFixed(2)) < 1000) return `$${dollars.toFixed(2)}`;
    for (const [unit, size] of [["trillion", 1e12], ["billion", 1e9], ["million", 1e6]]) {
      if (dollars >= size) return `$${inFull(dollars / size)} ${unit}`;
    }
    return `$${inFull(dollars)}`;
  }

  /**
   * Say from how many runs on it is better to bring the data here.
   * @param {number} runs - the crossover
   * @param {number} most - the largest number of runs that the form takes
   * @returns {string}
   */
  function inRuns(runs, most) {
    if (runs === Infinity) return "never";
    if (runs < 1) return "from the first run";
    const number = inFull(Math.min(runs, most));
    return `above ${number} ${number === "1" ? "run" : "runs"}`;
  }

  // ------------------------------------------------------------------ the form

  /**
   * Read what was typed.
   * @param {string} text
   * @param {{least: number, most: number}} limit
   * @returns {{value: number}|{wrong: string}} the number, or what is wrong: a key of the messages
   */
  function readNumber(text, limit) {
    const typed = text.trim();
    if (typed === "") return { wrong: "empty" };
    if (/^[-+]?\d[\d.]*,[\d.,]*$|^[-+]?,\d+$/.test(typed)) return { wrong: "comma" };
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(typed)) return { wrong: "word" };
    const value = Number(typed) + 0; // -0 becomes 0; 1e999 is Infinity, which no limit allows
    return value >= limit.least && value <= limit.most ? { value } : { wrong: "limit" };
  }

  /**
   * Say which way is faster and which is cheaper, as far as the words show it.
   * @param {Object<string, string>} words - the outcome in words
   * @param {Outcome} outcome
   * @returns {string}
   */
  function verdict(words, outcome) {
    const better = (quantity) => {
      const [bring, go] = [`bring_${quantity}`, `go_${quantity}`];
      if (words[bring] === words[go]) return "no difference";
      return outcome[bring] < outcome[go] ? "bring the data here" : "go to the data";
    };
    return `Faster: ${better("hours")}. Cheaper: ${better("dollars")}.`;
  }

  /**
   * Make the form on the page work.
   * @param {HTMLElement} root - what seispipe.teaching.calculator.html() wrote
   */
  function start(root) {
    const form = root.querySelector("form");
    const { fields, wrong } = JSON.parse(root.dataset.words);
    const names = Object.keys(fields);
    const PREFIX = "#plan&";
    let waiting;

    /** Read every field, mark those that are wrong, and show the result. */
    function update() {
      const plan = {};
      const problems = {};
      for (const name of names) {
        const input = form.elements[name];
        const read = readNumber(input.value, fields[name]);
        const message = read.wrong ? `${fields[name].demand}; ${wrong[read.wrong]}` : "";
        input.setAttribute("aria-invalid", String(message !== ""));
        document.getElementById(`${input.id}-error`).textContent = message;
        if (message) problems[name] = message;
        else plan[name] = read.value;
      }
      if (Object.keys(problems).length) show(null, mend(problems));
      else show(weigh(plan), "");
    }

    /**
     * Say what to mend: all about one field, or the names of several.
     * @param {Object<string, string>} problems - the messages, by field
     * @returns {string}
     */
    function mend(problems) {
      const wrongOnes = Object.keys(problems);
      if (wrongOnes.length === 1) return `No result yet. ${problems[wrongOnes[0]]}`;
      const labels = wrongOnes.map((name) => form.elements[name].labels[0].textContent);
      return `No result yet. Numbers to mend: ${labels.join("; ")}.`;
    }

    /**
     * Show an outcome, or why there is none.
     * @param {Outcome|null} outcome
     * @param {string} why
     */
    function show(outcome, why) {
      const words = {};
      for (const cell of form.querySelectorAll("[data-result]")) {
        const name = cell.dataset.result;
        if (outcome) words[name] = inTheirWords(name, outcome[name]);
        cell.textContent = outcome ? words[name] : "–";
      }
      const sentence = outcome ? verdict(words, outcome) : why;
      form.querySelector(".calculator-verdict").textContent = sentence;
    }

    function inTheirWords(name, value) {
      if (name.startsWith("crossover")) return inRuns(value, fields.runs.most);
      return name.endsWith("hours") ? inWords(value) : inDollars(value);
    }

    /** Keep the numbers in the page's address, or take them out where they are the first ones. */
    function keep() {
      const changed = names.some((n) => form.elements[n].value !== form.elements[n].defaultValue);
      const state = new URLSearchParams(names.map((n) => [n, form.elements[n].value.trim()]));
      const address = location.pathname + location.search;
      history.replaceState(history.state, "", changed ? `${address}${PREFIX}${state}` : address);
    }

    /** Take the numbers from the page's address, where it has some. */
    function recall() {
      if (!location.hash.startsWith(PREFIX)) return;
      const state = new URLSearchParams(location.hash.slice(PREFIX.length));
      for (const name of names) if (state.has(name)) form.elements[name].value = state.get(name);
      root.scrollIntoView();
    }

    /** Show what was typed, at once. */
    function settle() {
      clearTimeout(waiting);
      update();
      keep();
    }

    form.addEventListener("input", () => {
      // Wait for a pause in the typing, so that a screen reader is not interrupted at each digit.
      clearTimeout(waiting);
      waiting = setTimeout(settle, 250);
    });
    form.addEventListener("change", settle); // leaving a field is a pause
    form.addEventListener("reset", () => setTimeout(settle)); // once it is done
    window.addEventListener("hashchange", () => { recall(); update(); });
    for (const button of root.querySelectorAll("button[data-plan]")) {
      button.addEventListener("click", () => {
        const plan = JSON.parse(button.dataset.plan);
        for (const name of names) form.elements[name].value = String(plan[name]);
        settle();
        form.elements[names[0]].focus();
      });
    }
    form.hidden = false;
    root.querySelector("tfoot").hidden = false;
    recall();
    update();
  }

  window.seispipeCalculator = { weigh, inWords, inDollars, inRuns, readNumber, threeDigits };
  document.querySelectorAll(".calculator").forEach(start);
})();

// What axe-core objects to, a line each: the rule, where, and what it says.
({ rules, without }) => axe.run(
  { include: [document], exclude: without.map((selector) => [selector]) },
  { resultTypes: ["violations"], preload: false, ...rules },
).then((found) =>
  found.violations.flatMap((rule) => rule.nodes.map((node) => {
    const [said = { message: rule.help }] = [...node.any, ...node.all, ...node.none];
    return `${rule.id}: ${node.target.join(" ")}: ${said.message}`;
  })))

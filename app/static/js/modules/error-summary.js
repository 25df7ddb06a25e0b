// Puts the focus on the summary of errors, and a click on an error into its field.
export function start(summary) {
  summary.focus();
}

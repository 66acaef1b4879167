/** Shows what came of a test a person asked for, with what is worth mending although it went well. */
export function showOutcome(
  place: JQuery,
  good: boolean,
  sentence: string,
  notes: readonly string[] = [],
): void {
  const line = $('<div>').text(sentence);
  if (good) line.css('color', 'var(--red-ui-text-color-success, #2a7d2a)');
  else line.css('color', 'var(--red-ui-text-color-error)');
  const rest = notes.map((note) =>
    $('<div>').css('color', 'var(--red-ui-text-color-warning, #a60)').text(note),
  );
  place.empty().append(line, ...rest);
}

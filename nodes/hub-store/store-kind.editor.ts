/** Shows what has to be filled in for the kind of store that is chosen, and checks it anew. */
export function showFieldsOfKind(saved: string | undefined): void {
  const choice = $('#node-config-input-kind');
  if (!saved) choice.val('sqlite');
  const tls = $('#node-config-input-tls');
  if (!tls.val()) tls.val('off');
  choice
    .on('change', () => {
      const kind = String(choice.val());
      $('[data-store-kind]').each((_, part) => {
        $(part).toggle((part.dataset.storeKind ?? '').split(' ').includes(kind));
      });
      // The editor checks a field when it changes, and these are judged by the kind.
      for (const field of ['host', 'port', 'database', 'user', 'schema'])
        $(`#node-config-input-${field}`).trigger('change');
    })
    .trigger('change');
}

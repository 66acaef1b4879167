/** Stands in a password field for a secret that is kept and that the editor never sees. */
export const keptSecret = '__PWRD__';

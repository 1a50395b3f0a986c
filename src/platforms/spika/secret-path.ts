/**
 * What a path has to be that nobody guesses: 32 characters or more, of those that Spika takes in an address and that are not
 * written in two ways.
 */
export const SECRET_PATH = /^[\w-]{32,}$/;

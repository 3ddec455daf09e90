/**
 * The version of this front end, to compare with the server part's.
 */
export const VERSION = '0.1.0';

/**
 * Leaflet as a module. The published file is a classic script that sets `window.L`;
 * it is vendored untouched, and everything else imports it from here.
 */
export const L = window.L;

// @ts-check
/**
 * @param {any} panel
 * @param {any} bridge
 */
export function mountVideo(panel, bridge) {}

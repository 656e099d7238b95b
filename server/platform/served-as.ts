/** Types a browser shows as pictures and never runs. SVG is not among them. */
const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"]);

export const isPicture = (type: string) => pictures.has(type);

/** The type with which a stranger's file is handed out: whatever is no picture is bytes to be kept. */
export const servedAs = (type: string) => (isPicture(type) ? type : "application/octet-stream");

/** Imported before React, which chooses by it; without it every page takes four times as long. */
process.env.NODE_ENV ??= "production";

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { onlyThanks } from "../../server/desk/mail/only-thanks.ts";
import type { thanksIn } from "../../server/desk/mail/reading/words/thanks.ts";

const names = ["Alice Moreau", "Anna Albrecht"];

const thanks: Record<keyof typeof thanksIn, string[]> = {
  en: [
    "Thanks!",
    "Hi Anna,\nthank you so much for your quick help!\n\nBest regards,\nAlice Moreau",
    "OK, thanks a lot 👍",
  ],
  de: [
    "Danke!",
    "Hallo Anna,\n\nvielen Dank für die schnelle Hilfe, super!\n\nMit freundlichen Grüßen\nAlice Moreau",
    "Danke schön, LG Alice",
  ],
  fr: ["Merci beaucoup pour votre aide !", "Parfait, merci.\nCordialement,\nAlice"],
  es: ["Muchas gracias por su ayuda.\nUn saludo,\nAlice", "¡Gracias!".slice(1)],
  it: ["Grazie mille per il vostro aiuto", "Perfetto, grazie.\nCordiali saluti\nAlice"],
  nl: ["Hartelijk dank voor de snelle reactie!", "Dank u wel.\nMet vriendelijke groet,\nAlice"],
  pt: ["Muito obrigada pela ajuda", "Bom dia, obrigado!\nCumprimentos\nAlice"],
  pl: ["Dziękuję bardzo za pomoc", "Dzięki!\nPozdrawiam\nAlice"],
  cs: ["Děkuji moc za rychlou odpověď", "Díky!\nS pozdravem\nAlice"],
  sv: ["Tack så mycket för hjälpen!", "Tusen tack\nMed vänliga hälsningar\nAlice"],
  da: ["Mange tak for hjælpen", "Tak!\nVenlig hilsen\nAlice"],
  fi: ["Kiitos paljon avusta", "Kiitos!\nYstävällisin terveisin\nAlice"],
  tr: ["Çok teşekkür ederim", "Teşekkürler, iyi çalışmalar"],
  ru: ["Большое спасибо за помощь!", "Спасибо.\nС уважением\nAlice"],
  ja: ["ありがとうございました。", "お世話になっております。\n迅速な対応ありがとうございます。"],
  zh: ["谢谢", "非常感谢您的帮助！祝好"],
};

test.each(Object.entries(thanks))("who only thanks in %s only thanks", (_, texts) => {
  for (const text of texts) expect([text, onlyThanks(text, names)]).toEqual([text, true]);
});

test.each([
  "",
  "Perfect",
  "👍",
  "Thanks, but it is still broken.",
  "Thanks. Can you send the invoice?",
  "Thanks in advance",
  "Help, thanks",
  "No thanks",
  "Thanks, see 4711",
  "Thank you: https://example.test",
  "Thanks :-(",
  "Vielen Dank im Voraus!",
  "Danke, die Rechnung fehlt noch",
  "Danke für nichts",
  "Merci de me rappeler",
  "Gracias, sigue sin funcionar",
  "Grazie, ma non funziona",
  "Bedankt, maar het werkt niet",
  "Obrigado, continua com erro",
  "Dziękuję, nadal nie działa",
  "Děkuji, stále to nejde",
  "Tack, men det fungerar inte",
  "Tak, men det virker ikke",
  "Kiitos, mutta se ei toimi",
  "Teşekkürler ama hâlâ çalışmıyor",
  "Спасибо, но не работает",
  "ありがとうございます。まだ動きません。",
  "谢谢,还是不行",
])("“%s” says more, or does not thank", (text) => {
  expect(onlyThanks(text, names)).toBe(false);
});

const anyThanks = fc.constantFrom(...Object.values(thanks).flat());

/** What carries a matter of its own: words that no phrase knows, a question, a number, an address. */
const matter = fc.oneof(
  fc.constantFrom(
    "?",
    "？",
    "broken",
    "kaputt",
    "aber",
    "mais",
    "pero",
    "ma",
    "maar",
    "mas",
    "ale",
    "men",
    "mutta",
    "ama",
    "но",
    "まだ",
    "但是",
    "please",
    "bitte",
    "invoice",
    "not",
    "nicht",
  ),
  fc.integer({ min: 0, max: 1_000_000 }).map(String),
  fc.webUrl(),
  fc.emailAddress(),
  fc.stringMatching(/^[bcdfgjqwxz]{5,12}$/),
);

test("whatever is said beside the thanks brings the ticket back", () => {
  fc.assert(
    fc.property(anyThanks, matter, fc.boolean(), fc.constantFrom(" ", "\n", ", ", "! "), (words, more, before, gap) => {
      expect(onlyThanks(before ? `${more}${gap}${words}` : `${words}${gap}${more}`, names)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test("thanks and thanks again, in whatever languages, only thank; no text makes it stumble or takes its time", () => {
  fc.assert(
    fc.property(fc.array(anyThanks, { minLength: 1, maxLength: 2 }), (several) => {
      const words = several.join("\n");
      expect(onlyThanks(words, names)).toBe(words.length <= 300);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (words) =>
      expect(typeof onlyThanks(words)).toBe("boolean"),
    ),
  );
  expect(onlyThanks("thank you so much ".repeat(100_000))).toBe(false);
});

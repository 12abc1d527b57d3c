/** The four languages of pages and mails, in the order in which they are offered. */
export const LANGUAGES = ['en', 'ur', 'sd', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same text said in all four languages. */
export type InAllLanguages = Readonly<Record<Language, string>>;

/** A text in one to four languages. */
export type Texts = Partial<Record<Language, string>>;

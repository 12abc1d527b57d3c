/** How a text travels in a mail, whichever is shorter: Latin text quoted-printable, the letters of Urdu, Sindhi and Chinese in base64. */
export interface Encoding {
  readonly encoding: 'quoted-printable' | 'base64';
  /** About how long it then is, line ends included. */
  readonly bytes: number;
}

export function shorterEncoding(text: string): Encoding {
  const bytes = Buffer.from(text);
  let escaped = 0;
  for (const byte of bytes) if (byte > 126 || byte === 0x3d) escaped++;
  const quoted = Math.ceil((bytes.length + 2 * escaped) * (79 / 76));
  const base64 = Math.ceil((bytes.length / 3) * 4 * (78 / 76));
  return quoted <= base64 ? { encoding: 'quoted-printable', bytes: quoted } : { encoding: 'base64', bytes: base64 };
}

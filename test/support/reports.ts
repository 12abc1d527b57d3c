import { returnPath } from '../../src/mail/return-path.js';
import type { Signer } from '../../src/common/tokens.js';

/** What a report is about: its addresses, and the original mail's id. */
export interface About {
  /** Where the report goes: the return path of the digest. */
  readonly to: string;
  readonly recipient: string;
  /** Without brackets. */
  readonly messageId: string;
}

export const ABOUT: About = {
  to: 'b+c0ffee00000040008000000000000001.0123456789abcdef0123456789ab@bounce.chamber.pk',
  recipient: 'naila@kunri-sun.pk',
  messageId: 'd.c0ffee00-0000-4000-8000-000000000001.abcdefgh@chamber.pk',
};

export const aboutDigest = (signer: Signer, digest: { id: string; message_id: string; email: string }, domain: string): About => ({
  to: returnPath(signer, digest.id, domain),
  recipient: digest.email,
  messageId: digest.message_id,
});

const crlf = (text: string): Buffer => Buffer.from(text.replace(/\r?\n/g, '\r\n'));

const originalHeaders = ({ to, recipient, messageId }: About): string => `Return-Path: <${to}>
Received: from rabta.chamber.pk (rabta.chamber.pk [203.0.113.9])
	by mx.kunri-sun.pk with ESMTP id 4ZxY1; Tue, 24 Nov 2026 08:05:02 +0500
From: Hyderabad Chamber <digest@chamber.pk>
To: Naila Arain <${recipient}>
Subject: =?UTF-8?Q?3_opportunities?=
Message-ID: <${messageId}>
List-ID: <digest.chamber.pk>
`;

export interface Said {
  readonly action?: string;
  readonly status?: string;
  readonly diagnostic?: string;
}

/** As Postfix writes them: three parts, the headers of the original last. */
export const postfix = (about: About, { action = 'failed', status = '5.1.1', diagnostic = '550 5.1.1 <x>: Recipient address rejected' }: Said = {}): Buffer =>
  crlf(`Received: by relay.chamber.pk (Postfix) id 9F3C21; Tue, 24 Nov 2026 08:05:03 +0500 (PKT)
Date: Tue, 24 Nov 2026 08:05:03 +0500 (PKT)
From: MAILER-DAEMON@relay.chamber.pk (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ${about.to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="9F3C21.1795489503/relay.chamber.pk"

This is a MIME-encapsulated message.

--9F3C21.1795489503/relay.chamber.pk
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host relay.chamber.pk.

I'm sorry to have to inform you that your message could not be delivered.

<${about.recipient}>: host mx.kunri-sun.pk[198.51.100.7] said: ${diagnostic}

--9F3C21.1795489503/relay.chamber.pk
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.chamber.pk
X-Postfix-Queue-ID: 9F3C21
X-Postfix-Sender: rfc822; ${about.to}
Arrival-Date: Tue, 24 Nov 2026 08:05:01 +0500 (PKT)

Final-Recipient: rfc822; ${about.recipient}
Original-Recipient: rfc822;${about.recipient}
Action: ${action}
Status: ${status}
Remote-MTA: dns; mx.kunri-sun.pk
Diagnostic-Code: smtp; ${diagnostic}

--9F3C21.1795489503/relay.chamber.pk
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

${originalHeaders(about)}
--9F3C21.1795489503/relay.chamber.pk--
`);

/** As Exchange does: HTML for the reader, the status in base64, the whole original, and a code that says nothing beside one that does. */
export const exchange = (
  about: About,
  { status = '5.0.0', diagnostic = '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup' }: Said = {},
): Buffer => {
  const fields = `Reporting-MTA: dns;KHI-EX01.kunri-sun.pk\r
Received-From-MTA: dns;relay.chamber.pk\r
Arrival-Date: Tue, 24 Nov 2026 03:05:02 +0000\r
\r
Final-Recipient: rfc822;${about.recipient}\r
Action: failed\r
Status: ${status}\r
Diagnostic-Code: smtp;${diagnostic}\r
X-Display-Name: Naila Arain\r
`;
  return crlf(`From: Microsoft Outlook <postmaster@kunri-sun.pk>
To: <${about.to}>
Date: Tue, 24 Nov 2026 03:05:04 +0000
Subject: Undeliverable: 3 opportunities
Message-ID: <c5e1@KHI-EX01.kunri-sun.pk>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="_e1_"
X-MS-Exchange-Message-Is-Ndr:

--_e1_
Content-Type: multipart/alternative; boundary="_e2_"

--_e2_
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

${Buffer.from('<p>Your message could not be delivered.</p>').toString('base64')}

--_e2_--

--_e1_
Content-Type: message/delivery-status
Content-Transfer-Encoding: base64

${Buffer.from(fields)
  .toString('base64')
  .replace(/(.{76})/g, '$1\n')}

--_e1_
Content-Type: message/rfc822

${originalHeaders(about)}
Dear Naila,

--_e1_--
`);
};

/** As Gmail does: the answer folded over several lines, with its code on each of them. */
export const gmail = (about: About): Buffer =>
  crlf(`From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: ${about.to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
Date: Mon, 23 Nov 2026 19:05:09 -0800 (PST)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="000000000000a1b2c3"; report-type=delivery-status
X-Failed-Recipients: ${about.recipient}

--000000000000a1b2c3
Content-Type: multipart/related; boundary="000000000000d4e5f6"

--000000000000d4e5f6
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

** Address not found **

Your message wasn't delivered because the address couldn't be found.
--000000000000d4e5f6--

--000000000000a1b2c3
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Mon, 23 Nov 2026 19:05:08 -0800 (PST)
X-Original-Message-ID: <${about.messageId}>

Final-Recipient: rfc822; ${about.recipient}
Action: failed
Status: 5.2.1
Remote-MTA: dns; gmail-smtp-in.l.google.com. (2404:6800:4008:c06::1b, the server for
 the domain kunri-sun.pk.)
Diagnostic-Code: smtp; 550-5.2.1 The email account that you tried to reach is inactive.
 550 5.2.1  Please look at the help pages. d9443c01a7336
Last-Attempt-Date: Mon, 23 Nov 2026 19:05:09 -0800 (PST)

--000000000000a1b2c3
Content-Type: message/rfc822

${originalHeaders(about)}
--000000000000a1b2c3--
`);

/** As sendmail does while it still tries. */
export const sendmailDelayed = (about: About): Buffer =>
  crlf(`Date: Tue, 24 Nov 2026 12:05:03 +0500
From: Mail Delivery Subsystem <MAILER-DAEMON@relay.chamber.pk>
To: <${about.to}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="yAO75.1795503903/relay"
Subject: Warning: could not send message for past 4 hours

--yAO75.1795503903/relay

    **      THIS IS A WARNING MESSAGE ONLY      **

--yAO75.1795503903/relay
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.chamber.pk
Arrival-Date: Tue, 24 Nov 2026 08:05:03 +0500

Final-Recipient: RFC822; ${about.recipient}
Action: delayed
Status: 4.4.1 (no answer from host)
Last-Attempt-Date: Tue, 24 Nov 2026 12:05:03 +0500
Will-Retry-Until: Sun, 29 Nov 2026 08:05:03 +0500

--yAO75.1795503903/relay
Content-Type: text/rfc822-headers

${originalHeaders(about)}
--yAO75.1795503903/relay--
`);

/** As qmail does: no parts at all, everything said in words. */
export const qmail = (about: About, reason = 'Sorry, no mailbox here by that name. (#5.1.1)'): Buffer =>
  crlf(`Date: 24 Nov 2026 03:05:05 -0000
From: MAILER-DAEMON@mail.kunri-sun.pk
To: ${about.to}
Subject: failure notice

Hi. This is the qmail-send program at mail.kunri-sun.pk.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<${about.recipient}>:
${reason}

--- Below this line is a copy of the message.

${originalHeaders(about)}
Dear Naila,
`);

/** A complaint (RFC 5965). `named` says by what the digest can be known: providers black out one or the other. */
export const complaint = (about: About, to: string, named: 'return-path' | 'message-id' | 'nothing' = 'return-path', type = 'abuse'): Buffer => {
  const seen: About = {
    ...about,
    to: named === 'return-path' ? about.to : 'redacted@chamber.pk',
    messageId: named === 'message-id' ? about.messageId : 'x@redacted',
  };
  return crlf(`From: <feedback@mail-provider.pk>
To: <${to}>
Date: Tue, 24 Nov 2026 09:00:00 +0500
Subject: FW: 3 opportunities
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1_13d"

--part1_13d
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for a message from IP 203.0.113.9.

--part1_13d
Content-Type: message/feedback-report

Feedback-Type: ${type}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <${seen.to}>
Arrival-Date: Tue, 24 Nov 2026 08:05:02 +0500
Source-IP: 203.0.113.9

--part1_13d
Content-Type: message/rfc822
Content-Disposition: inline

${originalHeaders(seen)}
Dear Naila,

--part1_13d--
`);
};

/** What comes to a return path too, and is no report. */
export const absenceNote = (about: About): Buffer =>
  crlf(`From: Naila Arain <${about.recipient}>
To: <${about.to}>
Subject: Out of office
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

I am away until Monday. Status: 5.1.1
Action: failed
`);

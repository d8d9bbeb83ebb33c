"""Mail as bytes, and the four ways to deliver it: folder, console, SMTP, SendGrid."""

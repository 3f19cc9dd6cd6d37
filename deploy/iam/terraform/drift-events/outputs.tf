output "queue_url" {
  description = "For --drift-events-queue."
  value       = aws_sqs_queue.drift_events.url
}

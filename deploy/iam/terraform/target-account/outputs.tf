output "role_arn" {
  description = "The roleArn of the account in the account map."
  value       = aws_iam_role.links.arn
}

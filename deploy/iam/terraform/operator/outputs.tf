output "role_arn" {
  description = "With IRSA the annotation eks.amazonaws.com/role-arn of the service account."
  value       = aws_iam_role.operator.arn
}

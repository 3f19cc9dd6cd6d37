{{/* Labels of every object: those of the kustomize base. Helm adds its own when it installs. */}}
{{- define "operator.labels" -}}
app.kubernetes.io/name: sagemaker-privatelink-operator
{{- end -}}

{{/* Repository with tag or digest. */}}
{{- define "operator.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

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

{{/* The affinity of the values, and in each term of its required nodes the architectures of the image. */}}
{{- define "operator.affinity" -}}
{{- $affinity := deepCopy (.Values.affinity | default dict) -}}
{{- with .Values.image.architectures -}}
{{- $required := "requiredDuringSchedulingIgnoredDuringExecution" -}}
{{- $nodes := get $affinity "nodeAffinity" | default dict -}}
{{- $arch := dict "key" "kubernetes.io/arch" "operator" "In" "values" . -}}
{{- $terms := list -}}
{{- range (get (get $nodes $required | default dict) "nodeSelectorTerms") | default (list dict) -}}
{{- $terms = append $terms (set (deepCopy .) "matchExpressions" (append (.matchExpressions | default list) $arch)) -}}
{{- end -}}
{{- $_ := set $nodes $required (dict "nodeSelectorTerms" $terms) -}}
{{- $_ := set $affinity "nodeAffinity" $nodes -}}
{{- end -}}
{{- toYaml $affinity -}}
{{- end -}}

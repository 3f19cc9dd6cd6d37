-- Health of a SageMakerPrivateLink. The kind follows kstatus: status.observedGeneration, Ready,
-- and Reconciling and Stalled, which are present only while they are True.
-- Lua 5.1 with the base library only: Argo CD opens no more for scripts from its ConfigMap.
local hs = { status = "Progressing", message = "Waiting for the operator" }

if obj.metadata.deletionTimestamp ~= nil then
  hs.message = "Pending deletion"
  return hs
end

-- Before the generation: a suspended link is left alone, whatever was asked for since.
if obj.spec ~= nil and obj.spec.suspend == true then
  hs.status = "Suspended"
  hs.message = "SageMakerPrivateLink is suspended"
  return hs
end

local status = obj.status or {}
local found = {}
for _, condition in ipairs(status.conditions or {}) do
  found[condition.type] = condition
end

local function isTrue(condition)
  return condition ~= nil and condition.status == "True"
end

local function say(condition)
  if condition.message ~= nil and condition.message ~= "" then
    hs.message = condition.message
  elseif condition.reason ~= nil then
    hs.message = condition.reason
  end
end

if status.observedGeneration ~= obj.metadata.generation then
  -- Whatever else the conditions say, they are about an older spec.
  if isTrue(found.Reconciling) then
    say(found.Reconciling)
  end
  return hs
end

if isTrue(found.Stalled) then
  hs.status = "Degraded"
  say(found.Stalled)
elseif isTrue(found.Reconciling) then
  say(found.Reconciling)
elseif found.Ready ~= nil then
  say(found.Ready)
  if found.Ready.status == "True" then
    hs.status = "Healthy"
  end
end

return hs

-- Health of a SageMakerPrivateLink. The kind follows kstatus: status.observedGeneration, Ready,
-- and Reconciling and Stalled, which are present only while they are True.
-- Lua 5.1 with the base library only: Argo CD opens no more for scripts from its ConfigMap.
local hs = { status = "Progressing", message = "Waiting for the operator" }

-- Argo CD 3.6 and newer show deletionMessage. Older ones don't ask about what is being deleted, and show
-- "Pending deletion"; where nothing is said here, 3.6 lists the finalizers that are left.
if obj.metadata.deletionTimestamp ~= nil then
  hs.message = "Pending deletion"
  local held = false
  for _, finalizer in ipairs(obj.metadata.finalizers or {}) do
    held = held or finalizer == "sagemaker.privatelink.dev/finalizer"
  end
  if not held then
    return hs
  end
  hs.deletionMessage = "The operator takes away what the link has at AWS"
  for _, condition in ipairs((obj.status or {}).conditions or {}) do
    -- A deletion is a generation of its own: what was wrong before does not count.
    if condition.status == "True" and condition.observedGeneration == obj.metadata.generation then
      if condition.type == "Reconciling" then
        hs.deletionMessage = condition.message
      elseif condition.type == "Stalled" then
        hs.status = "Degraded"
        hs.deletionMessage = "Deletion is blocked (" .. condition.reason .. "): " .. condition.message
          .. ". Without the finalizer nobody would look after what is left at AWS"
      end
    end
  end
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

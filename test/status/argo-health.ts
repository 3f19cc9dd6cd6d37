import { readFileSync } from 'node:fs';
import fengari from 'fengari';
import type { StatusObject } from './status-object.ts';

const { lua, lauxlib, lualib, to_jsstring, to_luastring } = fengari;
type State = ReturnType<typeof lauxlib.luaL_newstate>;

/** What Argo CD shows for an object. */
export interface ArgoHealth {
  readonly status: string;
  readonly message: string;
}

/** What a script says: of an object that is being deleted with words of its own, from Argo CD 3.6 on. */
interface ScriptedHealth extends ArgoHealth {
  readonly deletionMessage?: string;
}

const scriptUrl = new URL('../../deploy/argocd/health.lua', import.meta.url);

/** Puts a JSON value on the stack; Lua tables have no nil, so null members are left out. */
function push(state: State, value: unknown): void {
  if (value === null || value === undefined) {
    lua.lua_pushnil(state);
  } else if (typeof value === 'boolean') {
    lua.lua_pushboolean(state, value);
  } else if (typeof value === 'number') {
    lua.lua_pushnumber(state, value);
  } else if (typeof value === 'string') {
    lua.lua_pushstring(state, to_luastring(value));
  } else if (Array.isArray(value)) {
    lua.lua_createtable(state, value.length, 0);
    for (const [index, item] of value.entries()) {
      push(state, item);
      lua.lua_rawseti(state, -2, index + 1);
    }
  } else {
    lua.lua_createtable(state, 0, 0);
    for (const [key, item] of Object.entries(value)) {
      lua.lua_pushstring(state, to_luastring(key));
      push(state, item);
      lua.lua_rawset(state, -3);
    }
  }
}

function textOf(state: State, index: number): string {
  const text = lua.lua_tostring(state, index);
  return text === null ? '' : to_jsstring(text);
}

function field(state: State, name: string): string {
  lua.lua_getfield(state, -1, to_luastring(name));
  const text = textOf(state, -1);
  lua.lua_pop(state, 1);
  return text;
}

function must(state: State, outcome: number): void {
  if (outcome !== lua.LUA_OK) {
    throw new Error(`health.lua: ${textOf(state, -1)}`);
  }
}

/**
 * Runs the shipped `deploy/argocd/health.lua` over an object as Argo CD does: the object as the
 * global `obj`, and only the libraries that Argo CD opens for scripts from its ConfigMap.
 * Throws when the script fails or returns no table.
 */
export function runHealthScript(object: StatusObject): ScriptedHealth {
  const state = lauxlib.luaL_newstate();
  for (const [name, open] of [
    ['_G', lualib.luaopen_base],
    ['table', lualib.luaopen_table],
  ] as const) {
    lauxlib.luaL_requiref(state, to_luastring(name), open, 1);
    lua.lua_pop(state, 1);
  }
  push(state, object);
  lua.lua_setglobal(state, to_luastring('obj'));
  must(state, lauxlib.luaL_loadstring(state, to_luastring(readFileSync(scriptUrl, 'utf8'))));
  must(state, lua.lua_pcall(state, 0, 1, 0));
  if (lua.lua_type(state, -1) !== lua.LUA_TTABLE) {
    throw new Error('health.lua returned no table');
  }
  const deletionMessage = field(state, 'deletionMessage');
  return {
    status: field(state, 'status'),
    message: field(state, 'message'),
    ...(deletionMessage === '' ? {} : { deletionMessage }),
  };
}

/**
 * The health that Argo CD shows for an object. Before version 3.6 objects that are being deleted never
 * reach the script (argoproj/gitops-engine pkg/health/health.go). From then on the script's status counts
 * if it sets `deletionMessage`, and that is shown; else Argo CD lists the finalizers
 * (the page on resource health of Argo CD 3.6, "Terminating resources").
 */
export function argoHealthOf(object: StatusObject, version: '3.5' | '3.6' = '3.6'): ArgoHealth {
  if (object.metadata?.deletionTimestamp === undefined) return runHealthScript(object);
  const pending = { status: 'Progressing', message: 'Pending deletion' };
  if (version === '3.5') return pending;
  const { status, deletionMessage } = runHealthScript(object);
  return deletionMessage === undefined ? pending : { status, message: deletionMessage };
}

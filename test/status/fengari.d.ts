/** The part of fengari (Lua in JavaScript, without types of its own) that the tests use. */
declare module 'fengari' {
  type State = { readonly brand: unique symbol };
  type LuaString = Uint8Array;

  export function to_luastring(text: string): LuaString;
  export function to_jsstring(text: LuaString): string;

  export const lua: {
    readonly LUA_OK: number;
    readonly LUA_TTABLE: number;
    lua_pushnil(state: State): void;
    lua_pushboolean(state: State, value: boolean): void;
    lua_pushnumber(state: State, value: number): void;
    lua_pushstring(state: State, text: LuaString): void;
    lua_createtable(state: State, arraySize: number, recordSize: number): void;
    lua_rawset(state: State, index: number): void;
    lua_rawseti(state: State, index: number, n: number): void;
    lua_setglobal(state: State, name: LuaString): void;
    lua_getfield(state: State, index: number, name: LuaString): number;
    lua_type(state: State, index: number): number;
    lua_tostring(state: State, index: number): LuaString | null;
    lua_pcall(state: State, args: number, results: number, handler: number): number;
    lua_pop(state: State, count: number): void;
    lua_settop(state: State, index: number): void;
  };
  export const lauxlib: {
    luaL_newstate(): State;
    luaL_loadstring(state: State, code: LuaString): number;
    luaL_requiref(state: State, name: LuaString, open: unknown, global: number): void;
  };
  export const lualib: { readonly luaopen_base: unknown; readonly luaopen_table: unknown };
}

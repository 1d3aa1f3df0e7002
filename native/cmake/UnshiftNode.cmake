# UNSHIFT_NODE_INCLUDES: the header folders of node-api-headers and node-addon-api, resolved from native/'s dependencies.
#
# cmake-js hands over the former in CMAKE_JS_INC; a plain cmake run asks node for both. UNSHIFT_NODE_MODULES names another
# node_modules folder to look in.

set(UNSHIFT_NODE_MODULES "" CACHE PATH "node_modules folder with node-addon-api and node-api-headers")
set(UNSHIFT_NODE_INCLUDES "")
if(UNSHIFT_NODE_MODULES)
  set(_from "${UNSHIFT_NODE_MODULES}/../package.json")
else()
  set(_from "${CMAKE_SOURCE_DIR}/native/package.json")
endif()
find_program(UNSHIFT_NODE NAMES node nodejs REQUIRED)
foreach(_package "node-addon-api/napi.h" "node-api-headers/include/node_api.h")
  execute_process(
    COMMAND "${UNSHIFT_NODE}" -p
      "require('node:module').createRequire(process.argv[1]).resolve(process.argv[2])" "${_from}" "${_package}"
    OUTPUT_VARIABLE _header OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_VARIABLE _error RESULT_VARIABLE _rc)
  if(NOT _rc EQUAL 0)
    message(FATAL_ERROR "Cannot find ${_package} from ${_from}: run `pnpm install` first.\n${_error}")
  endif()
  get_filename_component(_folder "${_header}" DIRECTORY)
  list(APPEND UNSHIFT_NODE_INCLUDES "${_folder}")
endforeach()

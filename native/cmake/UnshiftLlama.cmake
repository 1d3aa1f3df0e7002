# The target `unshift_llama`: libllama + ggml, static, with the GPU backend that UNSHIFT_GPU asks for.
#
# Sets UNSHIFT_GPU_RESOLVED (cpu, cuda, metal or vulkan), UNSHIFT_LLAMA_VERSION, UNSHIFT_LLAMA_COMMIT.

if(NOT UNSHIFT_LLAMA_CPP_DIR)
  if(DEFINED ENV{UNSHIFT_LLAMA_CPP_DIR} AND NOT "$ENV{UNSHIFT_LLAMA_CPP_DIR}" STREQUAL "")
    set(UNSHIFT_LLAMA_CPP_DIR "$ENV{UNSHIFT_LLAMA_CPP_DIR}")
  else()
    set(UNSHIFT_LLAMA_CPP_DIR "${CMAKE_SOURCE_DIR}/native/vendor/llama.cpp")
  endif()
endif()
if(NOT EXISTS "${UNSHIFT_LLAMA_CPP_DIR}/include/llama.h")
  message(FATAL_ERROR
    "No llama.cpp at ${UNSHIFT_LLAMA_CPP_DIR}. Run `node native/scripts/vendor.mjs`, "
    "or point UNSHIFT_LLAMA_CPP_DIR at a checkout.")
endif()

# --- which backend ---------------------------------------------------------------------------------------------------

set(_gpu "${UNSHIFT_GPU}")
if(NOT _gpu MATCHES "^(auto|off|cuda|metal|vulkan)$")
  message(FATAL_ERROR "UNSHIFT_GPU is '${_gpu}'; it may be auto, off, cuda, metal or vulkan.")
endif()
if(_gpu STREQUAL "auto")
  set(_gpu "off")
  if(APPLE)
    set(_gpu "metal")
  else()
    find_package(CUDAToolkit QUIET)
    # nvcc without cuBLAS (a bare compiler package) cannot build the backend.
    if(CUDAToolkit_FOUND AND CUDAToolkit_NVCC_EXECUTABLE AND TARGET CUDA::cublas)
      set(_gpu "cuda")
    endif()
  endif()
endif()
if(_gpu STREQUAL "off")
  set(UNSHIFT_GPU_RESOLVED "cpu")
else()
  set(UNSHIFT_GPU_RESOLVED "${_gpu}")
endif()
message(STATUS "Unshift backend: ${UNSHIFT_GPU_RESOLVED} (UNSHIFT_GPU=${UNSHIFT_GPU})")

# --- version ---------------------------------------------------------------------------------------------------------

set(UNSHIFT_LLAMA_VERSION "unknown")
file(STRINGS "${UNSHIFT_LLAMA_CPP_DIR}/CMakeLists.txt" _version_lines REGEX "^set\\(LLAMA_VERSION_(MAJOR|MINOR|PATCH) ")
string(REGEX MATCHALL "[0-9]+" _version_numbers "${_version_lines}")
if(_version_numbers)
  list(JOIN _version_numbers "." UNSHIFT_LLAMA_VERSION)
endif()
set(UNSHIFT_LLAMA_COMMIT "unknown")
find_package(Git QUIET)
if(GIT_FOUND)
  execute_process(COMMAND "${GIT_EXECUTABLE}" -C "${UNSHIFT_LLAMA_CPP_DIR}" rev-parse HEAD
    OUTPUT_VARIABLE _commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE _rc)
  if(_rc EQUAL 0)
    set(UNSHIFT_LLAMA_COMMIT "${_commit}")
  endif()
endif()

# --- the libraries ---------------------------------------------------------------------------------------------------

add_library(unshift_llama INTERFACE)

if(UNSHIFT_LLAMA_BUILD)
  # Link what another build tree made: sanitized and test builds then need no second llama.cpp.
  set(_tree "${UNSHIFT_LLAMA_BUILD}/llama.cpp")
  file(STRINGS "${UNSHIFT_LLAMA_BUILD}/llama-libraries.txt" _libraries)
  find_package(Threads REQUIRED)
  target_include_directories(unshift_llama SYSTEM INTERFACE
    "${UNSHIFT_LLAMA_CPP_DIR}/include" "${UNSHIFT_LLAMA_CPP_DIR}/ggml/include")
  target_link_libraries(unshift_llama INTERFACE ${_libraries} Threads::Threads ${CMAKE_DL_LIBS})
  find_package(OpenMP QUIET COMPONENTS CXX)
  if(OpenMP_CXX_FOUND)
    target_link_libraries(unshift_llama INTERFACE OpenMP::OpenMP_CXX)
  endif()
  return()
endif()

set(BUILD_SHARED_LIBS OFF CACHE BOOL "" FORCE)
foreach(_part EXAMPLES TESTS APP)
  set(LLAMA_BUILD_${_part} OFF CACHE BOOL "" FORCE)
endforeach()
# llama.cpp's own programs link the very libraries of the addon, so comparing them compares what is above those.
foreach(_part COMMON TOOLS SERVER)
  set(LLAMA_BUILD_${_part} ${UNSHIFT_BUILD_LLAMA_TOOLS} CACHE BOOL "" FORCE)
endforeach()
if(UNSHIFT_BUILD_LLAMA_TOOLS)
  # Without the server's web page, and without OpenSSL: they ask nobody for anything.
  set(LLAMA_BUILD_UI OFF CACHE BOOL "" FORCE)
  set(LLAMA_USE_PREBUILT_UI OFF CACHE BOOL "" FORCE)
  set(LLAMA_OPENSSL OFF CACHE BOOL "" FORCE)
endif()
set(LLAMA_CURL OFF CACHE BOOL "" FORCE)
set(LLAMA_ALL_WARNINGS OFF CACHE BOOL "" FORCE)
set(LLAMA_BUILD_IS_DEV OFF CACHE BOOL "" FORCE)
# The compiler cache is set for the whole project above; ggml's own detection would add it twice.
set(GGML_CCACHE OFF CACHE BOOL "" FORCE)
set(GGML_CUDA   OFF CACHE BOOL "" FORCE)
set(GGML_METAL  OFF CACHE BOOL "" FORCE)
set(GGML_VULKAN OFF CACHE BOOL "" FORCE)
# BLAS would take over large matrix products with sums of another order than the small ones: no bit-equal numbers.
set(GGML_BLAS   OFF CACHE BOOL "" FORCE)
if(NOT UNSHIFT_GPU_RESOLVED STREQUAL "cpu")
  string(TOUPPER "GGML_${UNSHIFT_GPU_RESOLVED}" _switch)
  set(${_switch} ON CACHE BOOL "" FORCE)
endif()
if(UNSHIFT_GPU_RESOLVED STREQUAL "metal")
  set(GGML_METAL_EMBED_LIBRARY ON CACHE BOOL "" FORCE)
endif()

add_subdirectory("${UNSHIFT_LLAMA_CPP_DIR}" "${CMAKE_BINARY_DIR}/llama.cpp" EXCLUDE_FROM_ALL)
target_link_libraries(unshift_llama INTERFACE llama ggml)

# The list that UNSHIFT_LLAMA_BUILD of another tree reads, in link order.
set(_list "")
foreach(_target llama ggml ggml-cpu ggml-cuda ggml-metal ggml-vulkan ggml-rpc ggml-base)
  if(TARGET ${_target})
    string(APPEND _list "$<TARGET_FILE:${_target}>\n")
  endif()
endforeach()
file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/llama-libraries.txt" CONTENT "${_list}")

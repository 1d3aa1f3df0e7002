# Compiler cache, warnings and sanitizers of Unshift's own targets.

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(UNSHIFT_CCACHE ccache)
  if(UNSHIFT_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER "${UNSHIFT_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${UNSHIFT_CCACHE}")
    set(CMAKE_CUDA_COMPILER_LAUNCHER "${UNSHIFT_CCACHE}")
  endif()
endif()

# An interface that every target of ours links; llama.cpp's do not.
add_library(unshift_options INTERFACE)
target_compile_features(unshift_options INTERFACE cxx_std_17)
if(MSVC)
  target_compile_options(unshift_options INTERFACE /W4 /utf-8 /permissive-)
  target_compile_definitions(unshift_options INTERFACE NOMINMAX _CRT_SECURE_NO_WARNINGS)
else()
  target_compile_options(unshift_options INTERFACE -Wall -Wextra -Wno-unused-parameter)
  # Sums in the kernels have a fixed order: a compiler may not contract or reassociate them.
  target_compile_options(unshift_options INTERFACE -ffp-contract=off -fno-fast-math)
endif()

if(UNSHIFT_SANITIZE)
  if(MSVC)
    message(FATAL_ERROR "UNSHIFT_SANITIZE needs GCC or Clang.")
  endif()
  target_compile_options(unshift_options INTERFACE
    "-fsanitize=${UNSHIFT_SANITIZE}" -fno-omit-frame-pointer -fno-sanitize-recover=all -g)
  target_link_options(unshift_options INTERFACE "-fsanitize=${UNSHIFT_SANITIZE}")
endif()

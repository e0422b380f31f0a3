#!/bin/sh
# Builds SUNDIALS' CVODE with -O3 and KLU into the folder $1, from the sources that the crate sundials-sys carries.
# Needs cargo, cmake, a C compiler and SuiteSparse's headers (Debian: libsuitesparse-dev).
set -e
out=$1
[ -e "$out/lib/libsundials_cvode.a" ] && exit 0
mkdir -p "$out/fetch/src" "$out/build"
printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nsundials-sys = "=0.6.2"\n[workspace]\n' > "$out/fetch/Cargo.toml"
: > "$out/fetch/src/lib.rs"
manifest=$(cargo metadata --quiet --format-version 1 --manifest-path "$out/fetch/Cargo.toml" |
  grep -o '"manifest_path":"[^"]*sundials-sys-0.6.2/Cargo.toml"' | head -1 | cut -d'"' -f4)
libraries=$(dirname "$(find /usr/lib /usr/local/lib -name 'libklu.*' | head -1)")
cd "$out/build"
cmake "$(dirname "$manifest")/vendor" -DCMAKE_BUILD_TYPE=Release "-DCMAKE_C_FLAGS_RELEASE=-O3 -march=native -DNDEBUG" \
  -DBUILD_SHARED_LIBS=OFF -DBUILD_ARKODE=OFF -DBUILD_IDA=OFF -DBUILD_IDAS=OFF -DBUILD_CVODES=OFF -DBUILD_KINSOL=OFF \
  -DEXAMPLES_ENABLE_C=OFF -DEXAMPLES_INSTALL=OFF -DENABLE_KLU=ON -DKLU_INCLUDE_DIR=/usr/include/suitesparse \
  "-DKLU_LIBRARY_DIR=$libraries" "-DCMAKE_INSTALL_PREFIX=$out" -DCMAKE_INSTALL_LIBDIR=lib > cmake.log 2>&1
make -j2 install > make.log 2>&1

# Two packages of Debian: notifyspec (tool and gate) and libnotifyspec-dev (library). `./run package` says the version
# and makes the changelogs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME notifyspec)
set(CPACK_PACKAGE_CONTACT "notifyspec maintainers <maintainers@notifyspec.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/staged.cmake)
# All that is needed has been built, and what else there is would take minutes.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME notifyspec)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "conformance suite for the notify protocol of systemd
Puts what sends to a notify socket, what listens on one, or systemd itself
before one suite, and says which requirement is met: in a terminal, as JUnit,
and as a page. With the tool that records, replays and judges what was sent.")
# And the libraries: see there.
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_SOURCE_DIR}/libraries.cmake)
set(CPACK_NOTIFYSPEC_PROGRAMS ${PROJECT_BINARY_DIR}/notifyspec ${PROJECT_BINARY_DIR}/notifyspec-vsock)
foreach(adapter libsystemd systemd-notify systemd-notify-fork)
  list(APPEND CPACK_NOTIFYSPEC_PROGRAMS ${PROJECT_BINARY_DIR}/adapters/${adapter}-adapter)
endforeach()
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "python3 (>= 3.11), python3-jinja2, python3-jsonschema, python3-rich")
# To boot systemd: in containers; in machines; and to build what is booted.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS
  "systemd-container, mmdebstrap, debian-archive-keyring, qemu-system-x86, cpio, xz-utils, zstd")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libnotifyspec-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "receive path and parsers of the notify protocol of systemd
Static libraries and headers (C++23): a receiver for supervisors, the table of
fields, and the stages that the conformance suite notifyspec is made of.
For find_package(notifyspec) of CMake, and for pkg-config.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libfmt-dev, nlohmann-json3-dev, libtomlplusplus-dev, libpugixml-dev")

# Not there but for `./run package`.
foreach(package "gate;notifyspec" "dev;libnotifyspec-dev")
  list(POP_FRONT package component name)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog/${name}/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component} OPTIONAL)
endforeach()

include(CPack)
cpack_add_component_group(runtime)
cpack_add_component_group(library)
cpack_add_component(tool GROUP runtime)
cpack_add_component(gate GROUP runtime)
cpack_add_component(dev GROUP library)

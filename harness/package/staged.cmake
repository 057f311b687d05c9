# What CPack has staged, before it is packed: static libraries lose what only a debugger reads.
file(GLOB_RECURSE archives ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*.a)
foreach(archive IN LISTS archives)
  execute_process(COMMAND strip --strip-debug --enable-deterministic-archives ${archive} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
# Not by file(INSTALL): CPack has $DESTDIR set, which that would put before.
configure_file(${CMAKE_CURRENT_LIST_DIR}/lintian-overrides
  ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/runtime/usr/share/lintian/overrides/notifyspec COPYONLY)

# What the programs are linked with, as dependencies. CPack itself would ask file(1) for each of 1,600 files whether it is
# a program: four minutes.
set(_folder ${CPACK_PACKAGE_DIRECTORY}/shlibdeps)
file(WRITE ${_folder}/debian/control "Source: notifyspec\n\nPackage: notifyspec\nArchitecture: any\n")
execute_process(COMMAND dpkg-shlibdeps -O ${CPACK_NOTIFYSPEC_PROGRAMS}
  WORKING_DIRECTORY ${_folder} OUTPUT_VARIABLE _found OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "shlibs:Depends=" "" _found "${_found}")
string(APPEND CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS ", ${_found}")

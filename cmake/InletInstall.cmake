# What `cmake --install build --component inlet` puts where. A program that is not built is left out.
include(GNUInstallDirs)

foreach(program inletd inletctl)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT inlet)
  endif()
endforeach()

# inlet.yaml finds sources/websocket.yaml beside itself. A package configures with -DCMAKE_INSTALL_SYSCONFDIR=/etc.
install(DIRECTORY etc/ DESTINATION "${CMAKE_INSTALL_SYSCONFDIR}/inlet" COMPONENT inlet)

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT inlet)
install(FILES proto/inlet/v1/inlet.proto DESTINATION "${CMAKE_INSTALL_DATADIR}/inlet/proto/inlet/v1" COMPONENT inlet)

# The program itself prints its script for bash, so the two cannot differ.
if(TARGET inletctl AND NOT CMAKE_CROSSCOMPILING)
  install(CODE "
    set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/bash-completion/completions\")
    file(MAKE_DIRECTORY \"\${folder}\")
    execute_process(COMMAND \"$<TARGET_FILE:inletctl>\" completion bash
                    OUTPUT_FILE \"\${folder}/inletctl\" COMMAND_ERROR_IS_FATAL ANY)
  " COMPONENT inlet)
endif()

# What `cmake --install build/release` puts where. Networks are not shipped: scripts/fetch-models
# puts the default one into the user's data folder.
install(TARGETS scrim RUNTIME)
install(FILES ${PROJECT_SOURCE_DIR}/doc/scrim.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

set(completions ${PROJECT_SOURCE_DIR}/share/completions)
install(FILES ${completions}/bash/scrim
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/zsh/_scrim DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${completions}/fish/scrim.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# Side by side: the examples name their pictures as ../backgrounds/...
install(DIRECTORY ${PROJECT_SOURCE_DIR}/config/examples ${PROJECT_SOURCE_DIR}/config/backgrounds
  DESTINATION ${CMAKE_INSTALL_DATADIR}/scrim
  FILES_MATCHING PATTERN "*.yaml" PATTERN "*.jpg" PATTERN "*.png")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md
  ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

// Gives the precompiled headers of the tests a target (CMakeLists.txt).

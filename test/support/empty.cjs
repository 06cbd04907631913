// In the place of a package that comes with the environment of the tests.

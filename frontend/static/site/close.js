/* A viewer that opened this window waits until it is gone. */
window.close();

# Runs Autobahn's test suite from the folder that is the first argument, on Python 2.7. Its servers listen on loopback only.
import site
import sys

folder = sys.argv.pop(1)
site.addsitedir(folder)
sys.path.remove(folder)
sys.path.insert(0, folder)
sys.argv[0] = "wstest"

from autobahntestsuite import wstest
from twisted.internet import reactor

listen = reactor.listenTCP
reactor.listenTCP = lambda port, factory, backlog=50, interface="": listen(port, factory, backlog, interface or "127.0.0.1")
result = wstest.run()
sys.exit(result if isinstance(result, int) else 0)

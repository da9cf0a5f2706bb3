"""An RTSP server for tests: GStreamer's, so that what is pulled was written by somebody else.

One argument, a JSON object: {"port", "user"?, "password"?, "mounts": [{"path", "kind"?, "file"?, "transport"?}]}.
With a user, every mount asks for him by digest. Files are MP4 (with G.711: MOV), sent as they are; sound alone is G.711. Every client gets the
file from its beginning. Prints {"port": N} once it listens; ends when its standard input ends.
"""
import json
import os
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PIPELINES = {
    "h264": '( filesrc location="{file}" ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval={interval} )',
    "ts": '( filesrc location="{file}" ! tsdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )',
    "h265": '( filesrc location="{file}" ! qtdemux ! h265parse ! rtph265pay name=pay0 pt=96 )',
    "h264+aac": '( filesrc location="{file}" ! qtdemux name=d d.video_0 ! queue ! h264parse ! rtph264pay name=pay0 pt=96'
    " d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97 )",
    "h264+alaw": '( filesrc location="{file}" ! qtdemux name=d d.video_0 ! queue ! h264parse ! rtph264pay name=pay0 pt=96'
    " d.audio_0 ! queue ! rtppcmapay name=pay1 pt=8 )",
    "sound": "( audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay0 pt=8 )",
}
LOWER = GstRtsp.RTSPLowerTrans
TRANSPORTS = {"any": LOWER.TCP | LOWER.UDP, "tcp": LOWER.TCP, "udp": LOWER.UDP}


def main():
    options = json.loads(sys.argv[1])
    Gst.init(None)
    loop = GLib.MainLoop()
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options.get("port", 0)))
    mounts = server.get_mount_points()
    if options.get("user"):
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "viewer")
        auth.add_digest(options["user"], options["password"], token)
        server.set_auth(auth)
    for mount in options["mounts"]:
        factory = GstRtspServer.RTSPMediaFactory()
        pipeline = PIPELINES[mount.get("kind", "h264")]
        factory.set_launch(pipeline.format(file=mount.get("file", ""), interval=mount.get("configInterval", 0)))
        factory.set_shared(False)
        factory.set_protocols(TRANSPORTS[mount.get("transport", "any")])
        if options.get("user"):
            permissions = GstRtspServer.RTSPPermissions()
            for right in (GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT):
                permissions.add_permission_for_role("viewer", right, True)
            factory.set_permissions(permissions)
        mounts.add_factory(mount["path"], factory)
    if server.attach(None) == 0:
        sys.exit("the port is taken")

    def end_with_parent():
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop.run()


main()

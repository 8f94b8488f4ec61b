"""What the figures were measured on."""

import os
import platform
import re


def machine():
    cpu = open("/proc/cpuinfo").read() if os.path.exists("/proc/cpuinfo") else ""
    model = re.search(r"^model name\s*: (.*)$", cpu, re.M)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "") if platform.system() == "Linux" else ""
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30),
        "system": f"{system or platform.system()}, kernel {platform.release().split('-')[0]}",
    }


def sentence(description):
    return "{cores} cores ({cpu}), {memory_gb} GB of memory, {system}".format(**description)

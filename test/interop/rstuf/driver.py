"""Runs RSTUF's command line client, unmodified, with scripted answers.

One step a line on stdin, as JSON; its outcome a line on stdout. Two things of the client are replaced, both of
them a terminal's: the menu and the prompt for a file's path. Texts and passwords come through its stdin.
"""

import io
import json
import os
import sys
import traceback

from click.testing import CliRunner
from repository_service_tuf import cli
from repository_service_tuf.cli.admin import helpers

from verify import verify


class WrongScript(BaseException):
    """The script does not fit what the client asks. Not an Exception: the client catches those."""


class Answers:
    """What the person at the terminal chooses, in order."""

    def __init__(self, step):
        self.menus = list(step.get("menus", []))
        self.files = list(step.get("files", []))
        self.asked = []

    def select(self, options):
        """Takes only what is on the menu. Options may carry rich's markup."""
        self.asked.append([plain(option) for option in options])
        if not self.menus:
            raise WrongScript(f"no answer left for the menu {self.asked[-1]}")
        choice = self.menus.pop(0)
        for option in options:
            if plain(option) == choice:
                return option
        raise WrongScript(f"{choice!r} is not on the menu {self.asked[-1]}")

    def path(self, message, *_):
        if not self.files:
            raise WrongScript(f"no answer left for the file prompt {message}")
        return self.files.pop(0)


def plain(option):
    return option.removeprefix("[green]").removesuffix("[/]")


def rstuf(step):
    answers = Answers(step)
    helpers._select = answers.select
    helpers._prompt_key = answers.path
    texts = "".join(text + "\n" for text in step.get("texts", []))
    result = CliRunner().invoke(cli.rstuf, step["argv"], input=texts)
    if answers.menus or answers.files:
        left = {"menus": answers.menus, "files": answers.files}
        raise WrongScript(f"the client ended without asking for {left}\n{result.output}")
    crash = result.exception
    return {
        "exit_code": result.exit_code,
        "output": result.output,
        "asked": answers.asked,
        "crash": None if crash is None or isinstance(crash, SystemExit) else text_of(crash),
    }


def text_of(error):
    return "".join(traceback.format_exception(error))


def run(step):
    try:
        return rstuf(step) if "argv" in step else verify(step["roots"])
    except BaseException as error:  # the next step is another scenario's
        return {"error": text_of(error)}


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), encoding="utf-8")
    for line in iter(sys.stdin.readline, ""):
        print(json.dumps(run(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()

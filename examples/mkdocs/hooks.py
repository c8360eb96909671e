"""While MkDocs builds: `<!-- tokscope … -->` in a page becomes what `tokscope …` writes."""

import re
import shlex
import subprocess
from pathlib import Path

from mkdocs.structure.files import File

INDEX = "index.json"


def on_page_markdown(markdown, page, config, files):
    def tokscope(*words):
        command = ["tokscope", *words, "--index", Path(config.config_file_path).with_name(INDEX)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout

    def drawn(name, *words):
        file = File.generated(config, name, content=tokscope(*words))
        files.append(file)
        return file.content_string, file.url_relative_to(page.file)

    def written(mark):
        words = shlex.split(mark[1])
        if words[0] != "chart":
            return tokscope(*words)
        name = f"tokscope/{page.file.src_uri.removesuffix('.md')}-{mark.start()}"
        svg, wide = drawn(f"{name}.svg", *words)
        _, narrow = drawn(f"{name}-narrow.svg", *words, "--width", "340")
        title = re.search("<title[^>]*>(.*?)</title>", svg)[1]
        return (
            f'<picture><source media="(max-width: 600px)" srcset="{narrow}">'
            f'<img src="{wide}" alt="{title}"></picture>'
        )

    return re.sub("<!-- tokscope (.+?) -->", written, markdown)

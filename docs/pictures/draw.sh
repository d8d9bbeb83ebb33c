#!/bin/sh
# Draws the sample pictures of templates/_assets from the SVGs beside this file, with Chromium.
# Run it from the root of the repository after changing an SVG.
set -eu
draw() {
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
        --default-background-color=00000000 --window-size="$2,$3" \
        --screenshot="templates/_assets/$1.png" "file://$PWD/docs/pictures/$1.svg"
}
draw mark 96 96
draw cup 1120 520
draw beans 240 68
